// SPDX-License-Identifier: MIT
#include "config/toml_read.hpp"

#include "config/forms.hpp"
#include "config/layouts.hpp"
#include "config/toml_shape.hpp"
#include "config/words.hpp"

#include <type_traits>

#include <fmt/format.h>

namespace certferry::config {
namespace {

// Reference: tencent-cloud-api §3.
constexpr Duration shortest_role = std::chrono::seconds(1);
constexpr Duration longest_role = std::chrono::hours(12);

std::optional<std::string> text_at(const toml::table& table, std::string_view key) {
    return table[key].value_exact<std::string>();
}

// Each take() leaves `into` alone when the key is absent or does not fit.
template <class Text>
requires std::is_assignable_v<Text&, std::string>
void take(const toml::table& table, std::string_view key, Text& into) {
    if (auto text = text_at(table, key)) into = std::move(*text);
}

void take(const toml::table& table, std::string_view key, bool& into) {
    into = table[key].value_exact<bool>().value_or(into);
}

void take(const toml::table& table, std::string_view key, double& into) {
    into = table[key].value<double>().value_or(into);
}

// "never" is nothing.
void take(const toml::table& table, std::string_view key, std::optional<Duration>& into) {
    if (const auto text = text_at(table, key)) into = parse_duration(*text);
}

void take(const toml::table& table, std::string_view key, std::vector<std::string>& into) {
    const toml::array* const list = table[key].as_array();
    if (list == nullptr) return;
    into.clear();
    for (const toml::node& node : *list) into.push_back(node.value_or(std::string()));
}

void take(const toml::table& table, std::string_view key, Duration& into) {
    if (const auto text = text_at(table, key)) into = parse_duration(*text).value_or(into);
}

void take(const toml::table& table, std::string_view key, std::optional<std::vector<NotifierName>>& into) {
    const toml::array* const list = table[key].as_array();
    if (list == nullptr) return;
    into.emplace();
    for (const toml::node& node : *list) into->emplace_back(node.value_or(std::string()));
}

template <class Meaning>
void take(const toml::table& table, std::string_view key, Named<Meaning>& into) {
    if (auto text = text_at(table, key)) into = Named<Meaning>(std::move(*text));
}

template <class Enum>
requires std::is_enum_v<Enum>
void take(const toml::table& table, std::string_view key, Enum& into) {
    if (const auto text = text_at(table, key)) into = from_word<Enum>(*text).value_or(into);
}

Trust trust_of(const std::string& text) {
    if (text == "system") return TrustSystem{};
    if (text == "any") return TrustAny{};
    return TrustFile{text};
}

CredentialsPlace credentials_place(std::string_view kind, const toml::table& details) {
    if (kind == "env") return EnvironmentCredentials{};
    if (kind == "oidc") return OidcCredentials{};
    if (kind == "cvm-role") {
        CvmRoleCredentials cvm;
        take(details, "role", cvm.role);
        return cvm;
    }
    if (kind == "systemd") {
        SystemdCredentials systemd;
        take(details, "name", systemd.name);
        return systemd;
    }
    FileCredentials file;
    take(details, "path", file.path);
    return file;
}

class Reader {
public:
    Reader(std::size_t file, Draft& draft, Report& report) : file_(file), draft_(draft), report_(report) {}

    void read(const toml::table& document) {
        if (const toml::table* const table = document["daemon"].as_table()) read_daemon(*table);
        if (const toml::table* const table = document["http"].as_table()) read_http(*table);
        if (const toml::table* const table = document["log"].as_table()) read_log(*table);
        if (const toml::table* const accounts = document["account"].as_table())
            for (const auto& [name, node] : *accounts)
                if (const toml::table* const table = node.as_table()) read_account(name, *table);
        if (const toml::table* const notifiers = document["notify"].as_table())
            for (const auto& [name, node] : *notifiers)
                if (const toml::table* const table = node.as_table()) read_notifier(name, *table);
        if (const toml::array* const mappings = document["mapping"].as_array())
            for (const toml::node& node : *mappings)
                if (const toml::table* const table = node.as_table()) read_mapping(*table);
    }

private:
    void read_daemon(const toml::table& table) {
        note_settings("daemon", table);
        Daemon& daemon = draft_.daemon;
        take(table, "state_dir", daemon.state_dir);
        take(table, "control_socket", daemon.control_socket);
        take(table, "status_for_all", daemon.status_for_all);
        take(table, "rescan", daemon.rescan);
        take(table, "shutdown_grace", daemon.shutdown_grace);
        const toml::table* const settle = table["settle"].as_table();
        if (settle == nullptr) return;
        take(*settle, "min", daemon.settle.min);
        take(*settle, "max", daemon.settle.max);
        check_order(*settle, {"min", daemon.settle.min}, {"max", daemon.settle.max});
    }

    void read_http(const toml::table& table) {
        note_settings("http", table);
        Http& http = draft_.http;
        take(table, "hosts", http.hosts);
        if (const auto text = text_at(table, "listen"))
            if (auto listen = parse_listen(*text)) http.listen = std::move(*listen);
        const auto* const at = std::get_if<ListenAtAddress>(&http.listen);
        if (at == nullptr || is_loopback(at->address) || !http.hosts.empty()) return;
        report_.add(
            place_of(table, "listen"),
            fmt::format("whoever reaches {} could look at everything, without a password", at->address),
            "listen at 127.0.0.1, behind a proxy that asks for one; or say in hosts by which names "
            "others may reach it");
    }

    void read_log(const toml::table& table) {
        note_settings("log", table);
        take(table, "level", draft_.log.level);
        take(table, "format", draft_.log.format);
    }

    // Of two files that set the same key, neither should win by its name.
    void note_settings(std::string_view section, const toml::table& table) {
        for (const auto& [key, node] : table) {
            const std::string path = fmt::format("{}.{}", section, key.str());
            const Place here = place(file_, key.source());
            const auto [first, fresh] = draft_.settings.try_emplace(path, here);
            if (!fresh)
                report_.add(here, fmt::format("{} is already set at {}", path, report_.name(first->second)),
                            "keep one of them");
        }
    }

    struct Limit {
        std::string_view key;
        Duration value;
    };

    void check_order(const toml::table& table, Limit small, Limit large) {
        if (small.value <= large.value) return;
        for (const std::string_view key : {small.key, large.key})
            if (table.contains(key) && !parse_duration(text_at(table, key).value_or(""))) return;
        const toml::node* const node = table.get(table.contains(small.key) ? small.key : large.key);
        report_.add(place(file_, node->source()),
                    fmt::format("{} (\"{}\") is longer than {} (\"{}\")", small.key, to_text(small.value),
                                large.key, to_text(large.value)),
                    fmt::format("raise {}, or lower {}", large.key, small.key));
    }

    void read_account(const toml::key& name, const toml::table& table) {
        Account account;
        account.name = AccountName(std::string(name.str()));
        take(table, "api", account.api);
        take(table, "site", account.site);
        take(table, "region", account.region);
        take(table, "regions", account.regions);
        take(table, "requests_per_second", account.requests_per_second);
        take(table, "signature_method", account.signature_method);
        take(table, "ca_file", account.ca_file);
        account.credentials = read_credentials(table);
        if (const toml::table* const endpoint = table["endpoint"].as_table()) {
            take(*endpoint, "clb", account.endpoint.clb);
            take(*endpoint, "ssl", account.endpoint.ssl);
            take(*endpoint, "lb", account.endpoint.lb);
            take(*endpoint, "wss", account.endpoint.wss);
            take(*endpoint, "sts", account.endpoint.sts);
            take(*endpoint, "metadata", account.endpoint.metadata);
        }
        if (const toml::table* const timeout = table["timeout"].as_table()) {
            take(*timeout, "connect", account.timeout.connect);
            take(*timeout, "total", account.timeout.total);
            check_order(*timeout, {"connect", account.timeout.connect}, {"total", account.timeout.total});
        }
        draft_.accounts.push_back({std::move(account), place(file_, name.source())});
    }

    Credentials read_credentials(const toml::table& account) {
        if (const auto word = text_at(account, "credentials")) return {credentials_place(*word, {}), {}};
        const toml::table* const table = account["credentials"].as_table();
        if (table == nullptr) return {};
        const std::string kind = text_at(*table, "kind").value_or("");
        if (kind.empty()) return {};
        check_belongs(*table, "path", kind == "file", "path goes with kind = \"file\" only");
        check_belongs(*table, "name", kind == "systemd", "name goes with kind = \"systemd\" only");
        check_belongs(*table, "role", kind == "cvm-role", "role goes with kind = \"cvm-role\" only");
        return {credentials_place(kind, *table), read_role(*table)};
    }

    std::optional<AssumedRole> read_role(const toml::table& table) {
        const auto arn = text_at(table, "role_arn");
        for (const char* key : {"role_session_name", "external_id", "duration"})
            check_belongs(table, key, arn.has_value(), fmt::format("{} goes with role_arn only", key));
        if (!arn) return std::nullopt;
        AssumedRole role;
        role.arn = *arn;
        take(table, "role_session_name", role.session_name);
        take(table, "external_id", role.external_id);
        take(table, "duration", role.duration);
        if (role.duration < shortest_role || role.duration > longest_role)
            report_.add(place_of(table, "duration"), "STS gives a role for 1s to 12h",
                        "write duration = \"2h\"");
        return role;
    }

    void read_notifier(const toml::key& name, const toml::table& table) {
        Notifier notifier;
        notifier.name = NotifierName(std::string(name.str()));
        take(table, "gather", notifier.gather);
        take(table, "timeout", notifier.timeout);
        const std::string kind = text_at(table, "kind").value_or("");
        const bool runs = kind == "command";
        for (const char* key : {"url", "secret", "ca_file"})
            check_belongs(table, key, !runs, fmt::format("{} does not go with kind = \"command\"", key));
        check_belongs(table, "command", runs, "command goes with kind = \"command\" only");
        if (kind == "webhook") notifier.way = read_webhook(table);
        if (kind == "wecom") notifier.way = read_wecom(table);
        if (runs) notifier.way = read_command(table);
        draft_.notifiers.push_back({std::move(notifier), place(file_, name.source())});
    }

    Webhook read_webhook(const toml::table& table) {
        Webhook webhook;
        require(table, "url", "add url = \"https://…\"");
        take(table, "url", webhook.url);
        take(table, "ca_file", webhook.ca_file);
        webhook.secret = read_secret(table);
        return webhook;
    }

    Wecom read_wecom(const toml::table& table) {
        Wecom wecom;
        require(table, "secret",
                "put the key of the robot's address into a file, and add secret = { file = \"…\" }");
        take(table, "url", wecom.url);
        if (wecom.url.find('?') != std::string::npos)
            report_.add(
                place_of(table, "url"), "what follows the ? of a robot's address is its key, a secret",
                "put the key into a file for secret = { file = \"…\" }, remove url, and let the robot have a "
                "new key if others have read it here");
        take(table, "ca_file", wecom.ca_file);
        wecom.secret = read_secret(table).value_or(SecretPlace());
        return wecom;
    }

    NotifyCommand read_command(const toml::table& table) {
        NotifyCommand command;
        require(table, "command", "add command = [\"/path/of/program\"]");
        take(table, "command", command.command);
        return command;
    }

    std::optional<SecretPlace> read_secret(const toml::table& notifier) {
        const toml::table* const table = notifier["secret"].as_table();
        if (table == nullptr) return std::nullopt;
        if (table->contains("file") == table->contains("systemd"))
            report_.add(place(file_, table->source()), "a secret is in one place",
                        "write secret = { file = \"/path\" } or { systemd = \"name\" }");
        if (auto name = text_at(*table, "systemd")) return SystemdSecret{std::move(*name)};
        return SecretFile{text_at(*table, "file").value_or("")};
    }

    void require(const toml::table& table, std::string_view key, std::string suggestion) {
        if (!table.contains(key))
            report_.add(place(file_, table.source()), fmt::format("{} is missing", key),
                        std::move(suggestion));
    }

    void check_belongs(const toml::table& table, std::string_view key, bool belongs, std::string sentence) {
        const toml::node* const node = table.get(key);
        if (node == nullptr || belongs) return;
        report_.add(place(file_, node->source()), std::move(sentence), fmt::format("remove {}", key));
    }

    void read_mapping(const toml::table& table) {
        DraftMapping draft;
        draft.name = place_of(table, "name");
        draft.certificate = place_of(table, "certificate");
        draft.notify = place_of(table, "notify");
        Mapping& mapping = draft.mapping;
        take(table, "name", mapping.name);
        take(table, "kind", mapping.kind);
        take(table, "deliver", mapping.deliver);
        mapping.lineage = read_lineage(table);
        read_retry(table, mapping);
        read_gate(table, mapping.gate);
        read_verify(table, mapping.verify);
        if (const toml::table* const cleanup = table["cleanup"].as_table())
            take(*cleanup, "after", mapping.cleanup_after);
        take(table, "notify", mapping.notify);
        draft.targets = read_targets(table);
        draft_.mappings.push_back(std::move(draft));
    }

    Place place_of(const toml::table& table, std::string_view key) const {
        const toml::node* const node = table.get(key);
        return place(file_, node == nullptr ? table.source() : node->source());
    }

    Lineage read_lineage(const toml::table& mapping) {
        if (const auto text = text_at(mapping, "certificate"))
            if (auto lineage = parse_lineage(*text)) return std::move(*lineage);
        const toml::table* const table = mapping["certificate"].as_table();
        if (table == nullptr) return {};

        for (const std::string_view client : acme_client_words)
            if (table->contains(client)) return read_client(*table, client);
        check_belongs(*table, "dir", false, "dir goes with a client's name only");
        return read_files(*table);
    }

    Lineage read_client(const toml::table& table, std::string_view word) {
        const AcmeClient client = from_word<AcmeClient>(word).value();
        const bool has_dir = !layout_of(client).dir.empty();
        const auto check_goes = [&](std::string_view key, bool goes) {
            check_belongs(table, key, goes, fmt::format("{} does not go with {}", key, word));
        };
        for (const std::string_view other : acme_client_words) check_goes(other, other == word);
        check_goes("dir", has_dir);
        check_goes("chain", false);
        check_goes("key", false);
        ClientLineage lineage{client, text_at(table, word).value_or(""), std::string(layout_of(client).dir)};
        if (has_dir) take(table, "dir", lineage.dir);
        return lineage;
    }

    CertificateFiles read_files(const toml::table& table) {
        CertificateFiles files;
        if (!table.contains("chain"))
            report_.add(place(file_, table.source()), "the certificate has no chain",
                        "add chain = \"/path/fullchain.pem\", or certbot = \"NAME\"");
        take(table, "chain", files.chain);
        take(table, "key", files.key);
        return files;
    }

    std::vector<DraftTarget> read_targets(const toml::table& mapping) {
        if (!mapping.contains("targets")) {
            if (mapping.contains("old_cert_id")) return {read_target(mapping)};
            report_.add(place(file_, mapping.source()), "old_cert_id is missing",
                        "add old_cert_id = \"…\", the certificate id that the load balancers use today");
            return {};
        }
        check_belongs(mapping, "old_cert_id", false, "old_cert_id does not go with targets");
        check_belongs(mapping, "account", false,
                      "account does not go with targets: each target names its own");
        std::vector<DraftTarget> targets;
        const toml::array* const list = mapping["targets"].as_array();
        if (list == nullptr) return {};
        for (const toml::node& node : *list)
            if (const toml::table* const table = node.as_table()) targets.push_back(read_target(*table));
        if (list->empty())
            report_.add(place(file_, list->source()), "targets is empty",
                        "write [{ account = \"default\", old_cert_id = \"…\" }]");
        return targets;
    }

    DraftTarget read_target(const toml::table& table) const {
        DraftTarget draft;
        draft.id = place_of(table, "old_cert_id");
        draft.account = table.contains("account") ? place_of(table, "account") : draft.id;
        draft.target.account = AccountName("default");
        take(table, "account", draft.target.account);
        take(table, "old_cert_id", draft.target.old_cert_id);
        return draft;
    }

    void read_retry(const toml::table& written, Mapping& mapping) {
        const toml::table* const table = written["retry"].as_table();
        if (table == nullptr) return;
        Backoff& retry = mapping.retry;
        take(*table, "give_up", mapping.give_up);
        take(*table, "initial", retry.initial);
        take(*table, "max", retry.max);
        take(*table, "multiplier", retry.multiplier);
        check_order(*table, {"initial", retry.initial}, {"max", retry.max});
    }

    static void read_gate(const toml::table& mapping, Gate& gate) {
        const toml::table* const table = mapping["gate"].as_table();
        if (table == nullptr) return;
        take(*table, "allow_older", gate.allow_older);
        take(*table, "allow_name_loss", gate.allow_name_loss);
        take(*table, "min_remaining", gate.min_remaining);
        take(*table, "require_chain", gate.require_chain);
        if (const auto text = text_at(*table, "trust")) gate.trust = trust_of(*text);
    }

    void read_verify(const toml::table& mapping, Verify& verify) {
        const toml::table* const table = mapping["verify"].as_table();
        if (table == nullptr) return;
        take(*table, "bindings", verify.bindings);
        take(*table, "attempts_for", verify.attempts_for);
        take(*table, "on_failure", verify.on_failure);
        const toml::array* const endpoints = (*table)["endpoint"].as_array();
        if (!verify.bindings && (endpoints == nullptr || endpoints->empty()))
            report_.add(place_of(*table, "bindings"), "nothing would prove a rotation",
                        "add endpoint = [\"www.example.com:443\"], or leave bindings = true");
        if (endpoints == nullptr) return;
        for (const toml::node& node : *endpoints)
            if (const auto endpoint = parse_endpoint(node.value_or(std::string_view())))
                verify.endpoint.push_back(*endpoint);
    }

    std::size_t file_;
    Draft& draft_;
    Report& report_;
};

}  // namespace

void read_document(const toml::table& document, std::size_t file, Draft& draft, Report& report) {
    Reader(file, draft, report).read(document);
}

}  // namespace certferry::config
