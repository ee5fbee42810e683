// SPDX-License-Identifier: MIT
#include "service/doctor.hpp"

#include "base/counted.hpp"

#include <set>

#include <fmt/format.h>

namespace certferry {
namespace {

Examination well(std::string subject, std::string says) {
    return {std::move(subject), Finding::well, std::move(says)};
}
Examination doubtful(std::string subject, std::string says) {
    return {std::move(subject), Finding::doubtful, std::move(says)};
}
Examination ill(std::string subject, std::string says) {
    return {std::move(subject), Finding::ill, std::move(says)};
}

Examination watch_of(const MachineFacts& machine) {
    const std::string watched = counted(machine.watched_directories, "directory", "directories") + " watched";
    if (machine.polled_lineages > 0)
        return doubtful(
            "inotify",
            fmt::format("{}; {} looked at every few seconds instead: raise fs.inotify.max_user_watches",
                        watched, counted(machine.polled_lineages, "mapping", "mappings")));
    if (!machine.watches_max) return well("inotify", watched);
    return well("inotify", fmt::format("{} of at most {}", watched, *machine.watches_max));
}

Examination files_of(const Charge& charge) {
    const std::string subject = "files of " + charge.mapping().name.str();
    if (const auto& trouble = charge.lookout.trouble()) return ill(subject, describe(*trouble));
    if (!charge.seen) return doubtful(subject, "not looked at yet");
    const CertificateFacts& leaf = charge.seen->leaf();
    return well(subject,
                fmt::format("{}, valid until {}", short_form(leaf.fingerprint), to_utc_day(leaf.not_after)));
}

// The two reads that every rotation begins with: one of the certificate service, one of the load balancers.
Awaitable<std::vector<Examination>> account_of(Pursuit& pursuit) {
    RotationPorts& ports = pursuit.ports();
    const TargetKey& target = pursuit.target().key;
    const std::string subject = "account " + target.account.str();
    std::vector<Examination> found;
    const Result<SuccessionEntry> entry = ports.journal.head(target, ports.clock.now());
    if (!entry) {
        found.push_back(ill("journal", describe(entry.error())));
        co_return found;
    }

    const CertificateId& head = entry->id;
    const Result<CertificateFacts> described = co_await ports.cloud.describe(head);
    if (described)
        found.push_back(well(subject, fmt::format("certificates can be read: {} is there", head.str())));
    else
        found.push_back(ill(subject, describe(described.error())));
    const std::vector<CertificateId> ids{head};
    Result<std::map<CertificateId, BindingSet>> bound = co_await ports.cloud.bindings(ids);
    if (bound)
        found.push_back(well(subject, fmt::format("load balancers can be read: {} is bound at {}", head.str(),
                                                  counted((*bound)[head].size(), "place", "places"))));
    else
        found.push_back(ill(subject, describe(bound.error())));
    co_return found;
}

}  // namespace

Awaitable<std::vector<Examination>> examine(Supervisor& supervisor, MachineFacts machine) {
    std::vector<Examination> all{watch_of(machine)};
    std::vector<std::shared_ptr<Charge>> charges;
    for (const config::Mapping& mapping : supervisor.config().mappings)
        charges.push_back(supervisor.find(mapping.name));
    for (const auto& charge : charges) all.push_back(files_of(*charge));

    std::set<AccountName> accounts;
    for (const auto& charge : charges) {
        for (Pursuit& pursuit : charge->pursuits) {
            if (!accounts.insert(pursuit.target().key.account).second) continue;
            std::vector<Examination> account = co_await account_of(pursuit);
            all.insert(all.end(), std::make_move_iterator(account.begin()),
                       std::make_move_iterator(account.end()));
        }
    }
    co_return all;
}

std::vector<Examination> examine(const std::vector<NotifierState>& notifiers) {
    std::vector<Examination> all;
    for (const NotifierState& notifier : notifiers) {
        const std::string subject = "notifier " + notifier.name.str();
        if (notifier.failure)
            all.push_back(ill(subject, describe(*notifier.failure)));
        else if (notifier.last_delivery)
            all.push_back(well(subject, "last told at " + to_utc(*notifier.last_delivery)));
        else
            all.push_back(well(subject, "has had nothing to tell; `certferry doctor --notify` sends a test"));
    }
    return all;
}

std::vector<Examination> examine(const NotifierTrials& trials) {
    std::vector<Examination> all;
    for (const auto& [name, told] : trials) {
        const std::string subject = "notifier " + name.str();
        all.push_back(told ? well(subject, "a test was delivered") : ill(subject, describe(told.error())));
    }
    return all;
}

}  // namespace certferry
