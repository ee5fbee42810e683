// SPDX-License-Identifier: MIT
#include "config/check.hpp"

#include "config/nearest.hpp"

#include <fmt/format.h>

namespace certferry::config {
namespace {

class Check {
public:
    Check(const Draft& draft, Report& report) : draft_(draft), report_(report) {}

    Config whole() {
        config_.daemon = draft_.daemon;
        config_.http = draft_.http;
        config_.log = draft_.log;
        for (const DraftAccount& draft : draft_.accounts) add(draft);
        for (const DraftNotifier& draft : draft_.notifiers) add(draft);
        config_.mappings.reserve(draft_.mappings.size());
        for (const DraftMapping& draft : draft_.mappings) add(draft);
        // A misspelt [[mapping]] has been reported as such.
        if (draft_.mappings.empty() && report_.clean())
            report_.add({}, "there is no [[mapping]], so there is nothing to do",
                        "add one with name, certificate and old_cert_id");
        return std::move(config_);
    }

private:
    void add(const DraftAccount& draft) {
        const AccountName& name = draft.account.name;
        const auto [first, fresh] = account_places_.try_emplace(name, draft.place);
        if (!fresh)
            report_.add(
                draft.place,
                fmt::format("account \"{}\" is already at {}", name.str(), report_.name(first->second)),
                "keep one of them, or rename the other");
        config_.accounts.try_emplace(name, draft.account);
    }

    void add(const DraftNotifier& draft) {
        const NotifierName& name = draft.notifier.name;
        const auto [first, fresh] = notifier_places_.try_emplace(name, draft.place);
        if (!fresh)
            report_.add(
                draft.place,
                fmt::format("notifier \"{}\" is already at {}", name.str(), report_.name(first->second)),
                "keep one of them, or rename the other");
        config_.notifiers.try_emplace(name, draft.notifier);
    }

    void add(const DraftMapping& draft) {
        check_name(draft);
        check_kind(draft);
        check_notifiers(draft);
        Mapping mapping = draft.mapping;
        for (const DraftTarget& target : draft.targets) {
            check_account(target);
            check_cleanup(draft, target);
            check_id(target);
            mapping.targets.push_back(target.target);
        }
        config_.mappings.push_back(std::move(mapping));
    }

    void check_name(const DraftMapping& draft) {
        const MappingName& name = draft.mapping.name;
        if (name.empty()) return;
        const auto [first, fresh] = mapping_places_.try_emplace(name, draft.name);
        if (fresh) return;
        report_.add(draft.name,
                    fmt::format("mapping \"{}\" is already at {}", name.str(), report_.name(first->second)),
                    "give each mapping a name of its own; several ids of one certificate go into targets");
    }

    void check_kind(const DraftMapping& draft) {
        const auto* const files = std::get_if<CertificateFiles>(&draft.mapping.lineage);
        if (files != nullptr && files->chain.empty()) return;
        const bool with_key = files == nullptr || files->key;
        if (draft.mapping.kind == Kind::client && with_key)
            report_.add(draft.certificate, "a client CA (kind = \"client\") has no key",
                        "write certificate = { chain = \"/path/ca.pem\" }");
        if (draft.mapping.kind == Kind::server && !with_key)
            report_.add(
                draft.certificate, "the certificate has no key",
                "add key = \"/path/privkey.pem\", or set kind = \"client\" if it is a CA for mutual TLS");
    }

    void check_account(const DraftTarget& draft) {
        const AccountName& name = draft.target.account;
        if (name.empty() || account_places_.contains(name)) return;
        report_.add(draft.account, fmt::format("there is no [account.{}]", name.str()), account_hint(name));
    }

    void check_cleanup(const DraftMapping& draft, const DraftTarget& target) {
        const auto account = config_.accounts.find(target.target.account);
        if (!draft.mapping.cleanup_after || account == config_.accounts.end()) return;
        if (account->second.api == Api::v2)
            report_.add(target.account,
                        "cleanup needs API 3.0, which can delete an id only if nothing uses it",
                        fmt::format("remove cleanup, or set api = \"3.0\" in [account.{}]",
                                    target.target.account.str()));
    }

    void check_notifiers(const DraftMapping& draft) {
        if (!draft.mapping.notify) return;
        for (const NotifierName& name : *draft.mapping.notify)
            if (!notifier_places_.contains(name))
                report_.add(draft.notify, fmt::format("there is no [notify.{}]", name.str()),
                            notifier_hint(name));
    }

    std::string notifier_hint(const NotifierName& name) const {
        std::vector<std::string_view> known;
        for (const auto& [other, place] : notifier_places_) known.emplace_back(other.str());
        if (const auto meant = nearest(name.str(), known)) return fmt::format("did you mean \"{}\"?", *meant);
        return fmt::format("add [notify.{}], or leave notify away for every notifier there is", name.str());
    }

    std::string account_hint(const AccountName& name) const {
        std::vector<std::string_view> known;
        for (const auto& [other, place] : account_places_) known.emplace_back(other.str());
        if (const auto meant = nearest(name.str(), known)) return fmt::format("did you mean \"{}\"?", *meant);
        if (known.empty()) return fmt::format("add [account.{}]", name.str());
        return fmt::format("add it, or set account to one that is there, as \"{}\"", known.front());
    }

    void check_id(const DraftTarget& draft) {
        if (draft.target.old_cert_id.empty()) return;
        const auto [first, fresh] = target_places_.try_emplace(draft.target, draft.id);
        if (fresh) return;
        report_.add(draft.id,
                    fmt::format("certificate id \"{}\" of account \"{}\" is already followed at {}",
                                draft.target.old_cert_id.str(), draft.target.account.str(),
                                report_.name(first->second)),
                    "an id follows one certificate only: remove it from one of them");
    }

    const Draft& draft_;
    Report& report_;
    Config config_;
    std::map<AccountName, Place> account_places_;
    std::map<NotifierName, Place> notifier_places_;
    std::map<MappingName, Place> mapping_places_;
    std::map<Target, Place> target_places_;
};

}  // namespace

Config check(const Draft& draft, Report& report) {
    return Check(draft, report).whole();
}

}  // namespace certferry::config
