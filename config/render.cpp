// SPDX-License-Identifier: MIT
#include "config/render.hpp"

#include "config/forms.hpp"
#include "config/words.hpp"

#include <iterator>

#include <fmt/format.h>

namespace certferry::config {
namespace {

std::string value(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            quoted += {'\\', c};
        else if (byte < 0x20 || byte == 0x7f)
            quoted += fmt::format("\\u{:04X}", byte);
        else
            quoted += c;
    }
    return quoted + '"';
}

std::string value(const std::filesystem::path& path) {
    return value(std::string_view(path.native()));
}

std::string value(Duration duration) {
    return value(std::string_view(to_text(duration)));
}

std::string value(const std::optional<Duration>& duration) {
    return duration ? value(*duration) : value(std::string_view("never"));
}

std::string value(bool flag) {
    return flag ? "true" : "false";
}

std::string value(double number) {
    return fmt::format("{:#}", number);
}

template <class Enum>
requires std::is_enum_v<Enum> std::string value(Enum word) {
    return value(to_word(word));
}

template <class Meaning>
std::string value(const Named<Meaning>& name) {
    return value(std::string_view(name.str()));
}

std::string value(const Trust& trust) {
    if (const auto* file = std::get_if<TrustFile>(&trust)) return value(file->path);
    return value(std::string_view(std::holds_alternative<TrustAny>(trust) ? "any" : "system"));
}

std::string value(const Target& target) {
    return fmt::format("{{ account = {}, old_cert_id = {} }}", value(target.account),
                       value(target.old_cert_id));
}

std::string value(const ProbeEndpoint& endpoint) {
    return value(std::string_view(host_and_port(endpoint)));
}

std::string value(const std::string& text) {
    return value(std::string_view(text));
}

template <class Element>
std::string value(const std::vector<Element>& elements) {
    std::string list;
    for (const Element& element : elements) list += (list.empty() ? "" : ", ") + value(element);
    return "[" + list + "]";
}

// A name with a '.' would be two keys.
std::string key(std::string_view name) {
    return name.find('.') == std::string_view::npos ? std::string(name) : value(name);
}

std::string value(const Lineage& lineage) {
    if (const auto* const named = std::get_if<ClientLineage>(&lineage)) {
        const std::string dir = named->dir.empty() ? "" : ", dir = " + value(named->dir);
        return fmt::format("{{ {} = {}{} }}", key(to_word(named->client)), value(named->name), dir);
    }
    const auto& files = std::get<CertificateFiles>(lineage);
    const std::string with_key = files.key ? ", key = " + value(*files.key) : "";
    return fmt::format("{{ chain = {}{} }}", value(files.chain), with_key);
}

std::string value(const Gate& gate) {
    return fmt::format(
        "{{ allow_older = {}, allow_name_loss = {}, trust = {}, min_remaining = {}, require_chain = {} }}",
        value(gate.allow_older), value(gate.allow_name_loss), value(gate.trust), value(gate.min_remaining),
        value(gate.require_chain));
}

std::string value(const Verify& verify) {
    return fmt::format("{{ bindings = {}, endpoint = {}, attempts_for = {}, on_failure = {} }}",
                       value(verify.bindings), value(verify.endpoint), value(verify.attempts_for),
                       value(verify.on_failure));
}

std::string retry_of(const Mapping& mapping) {
    const Backoff& retry = mapping.retry;
    return fmt::format("{{ initial = {}, max = {}, multiplier = {}, give_up = {} }}", value(retry.initial),
                       value(retry.max), value(retry.multiplier), value(mapping.give_up));
}

// The keys of a place; none for the first that is found, which has no word of its own.
struct PlaceEntries {
    std::string operator()(const FirstCredentialsFound&) const { return {}; }
    std::string operator()(const FileCredentials& file) const {
        return fmt::format("kind = \"file\", path = {}", value(file.path));
    }
    std::string operator()(const EnvironmentCredentials&) const { return "kind = \"env\""; }
    std::string operator()(const SystemdCredentials& systemd) const {
        return fmt::format("kind = \"systemd\", name = {}", value(systemd.name));
    }
    std::string operator()(const CvmRoleCredentials& cvm) const {
        const std::string role = cvm.role ? ", role = " + value(*cvm.role) : "";
        return "kind = \"cvm-role\"" + role;
    }
    std::string operator()(const OidcCredentials&) const { return "kind = \"oidc\""; }
};

std::string role_entries(const AssumedRole& role) {
    std::string entries =
        fmt::format(", role_arn = {}, role_session_name = {}", value(role.arn), value(role.session_name));
    if (role.external_id) entries += fmt::format(", external_id = {}", value(*role.external_id));
    return entries + fmt::format(", duration = {}", value(role.duration));
}

std::string credentials_line(const Credentials& credentials) {
    const std::string place = std::visit(PlaceEntries{}, credentials.place);
    if (place.empty()) return "# credentials: the first found\n";
    return fmt::format("credentials = {{ {}{} }}\n", place,
                       credentials.role ? role_entries(*credentials.role) : "");
}

std::string endpoint_lines(const Endpoint& endpoint) {
    std::string lines;
    if (endpoint.clb) lines += fmt::format("endpoint.clb = {}\n", value(*endpoint.clb));
    if (endpoint.ssl) lines += fmt::format("endpoint.ssl = {}\n", value(*endpoint.ssl));
    if (endpoint.lb) lines += fmt::format("endpoint.lb = {}\n", value(*endpoint.lb));
    if (endpoint.wss) lines += fmt::format("endpoint.wss = {}\n", value(*endpoint.wss));
    if (endpoint.sts) lines += fmt::format("endpoint.sts = {}\n", value(*endpoint.sts));
    if (endpoint.metadata) lines += fmt::format("endpoint.metadata = {}\n", value(*endpoint.metadata));
    return lines;
}

std::string section(const Daemon& daemon) {
    return fmt::format(
        "[daemon]\n"
        "state_dir = {}\n"
        "control_socket = {}\n"
        "status_for_all = {}\n"
        "settle = {{ min = {}, max = {} }}\n"
        "rescan = {}\n"
        "shutdown_grace = {}\n",
        value(daemon.state_dir), value(daemon.control_socket), value(daemon.status_for_all),
        value(daemon.settle.min), value(daemon.settle.max), value(daemon.rescan),
        value(daemon.shutdown_grace));
}

std::string section(const Http& http) {
    return fmt::format("\n[http]\nlisten = {}\nhosts = {}\n", value(written(http.listen)), value(http.hosts));
}

std::string section(const Log& log) {
    return fmt::format("\n[log]\nlevel = {}\nformat = {}\n", value(log.level), value(log.format));
}

// What only `api` knows is shown of another account, too, where somebody has set it: shown is what was
// loaded.
template <class T>
std::string api_line(const Account& account, Api api, std::string_view key, T Account::*setting) {
    if (account.api != api && account.*setting == Account().*setting) return {};
    return fmt::format("{} = {}\n", key, value(account.*setting));
}

std::string section(const Account& account) {
    std::string text = fmt::format("\n[account.{}]\napi = {}\n", key(account.name.str()), value(account.api));
    text += api_line(account, Api::v3, "site", &Account::site);
    text += api_line(account, Api::v3, "regions", &Account::regions);
    text += api_line(account, Api::v2, "region", &Account::region);
    text += api_line(account, Api::v2, "signature_method", &Account::signature_method);
    text += credentials_line(account.credentials);
    text += fmt::format("requests_per_second = {}\n", value(account.requests_per_second));
    text += endpoint_lines(account.endpoint);
    if (account.ca_file) text += fmt::format("ca_file = {}\n", value(*account.ca_file));
    text += fmt::format("timeout = {{ connect = {}, total = {} }}\n", value(account.timeout.connect),
                        value(account.timeout.total));
    return text;
}

std::string secret_line(const SecretPlace& secret) {
    if (const auto* const systemd = std::get_if<SystemdSecret>(&secret))
        return fmt::format("secret.systemd = {}\n", value(systemd->name));
    return fmt::format("secret.file = {}\n", value(std::get<SecretFile>(secret).path));
}

// The keys of a way.
struct WayLines {
    std::string operator()(const Webhook& webhook) const {
        return fmt::format("kind = \"webhook\"\nurl = {}\n", value(webhook.url)) +
               (webhook.secret ? secret_line(*webhook.secret) : "") + ca_line(webhook.ca_file);
    }
    std::string operator()(const Wecom& wecom) const {
        return fmt::format("kind = \"wecom\"\nurl = {}\n", value(wecom.url)) + secret_line(wecom.secret) +
               ca_line(wecom.ca_file);
    }
    std::string operator()(const NotifyCommand& command) const {
        return fmt::format("kind = \"command\"\ncommand = {}\n", value(command.command));
    }

    static std::string ca_line(const std::optional<std::filesystem::path>& ca_file) {
        return ca_file ? fmt::format("ca_file = {}\n", value(*ca_file)) : std::string();
    }
};

std::string section(const Notifier& notifier) {
    return fmt::format("\n[notify.{}]\n", key(notifier.name.str())) + std::visit(WayLines{}, notifier.way) +
           fmt::format("gather = {}\ntimeout = {}\n", value(notifier.gather), value(notifier.timeout));
}

std::string section(const Mapping& mapping) {
    const std::string notify =
        mapping.notify ? fmt::format("notify = {}\n", value(*mapping.notify)) : std::string();
    return fmt::format(
               "\n[[mapping]]\n"
               "name = {}\n"
               "certificate = {}\n"
               "kind = {}\n"
               "targets = {}\n"
               "deliver = {}\n"
               "retry = {}\n"
               "gate = {}\n"
               "verify = {}\n"
               "cleanup = {{ after = {} }}\n",
               value(mapping.name), value(mapping.lineage), value(mapping.kind), value(mapping.targets),
               value(mapping.deliver), retry_of(mapping), value(mapping.gate), value(mapping.verify),
               value(mapping.cleanup_after)) +
           notify;
}

}  // namespace

std::string render(const Config& config) {
    std::string text = section(config.daemon) + section(config.http) + section(config.log);
    for (const auto& [name, account] : config.accounts) text += section(account);
    for (const auto& [name, notifier] : config.notifiers) text += section(notifier);
    for (const Mapping& mapping : config.mappings) text += section(mapping);
    return text;
}

}  // namespace certferry::config
