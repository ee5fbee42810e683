// SPDX-License-Identifier: MIT
#include "config/keys.hpp"

#include "config/forms.hpp"
#include "config/layouts.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include <fmt/format.h>

namespace certferry::config {
namespace {

constexpr bool required = true;
constexpr std::string_view no_default;
constexpr std::string_view no_sample;

constexpr std::array table_of_keys = {
    Key{"daemon", Form::table, no_default, no_sample, "The daemon itself."},
    Key{"daemon.state_dir", Form::path, R"("/var/lib/certferry")", no_sample,
        "Where the journal is kept; one daemon has it to itself."},
    Key{"daemon.control_socket", Form::path, R"("/run/certferry/control.sock")", no_sample,
        "Where the command certferry finds the daemon; for root, the daemon's user and the group certferry."},
    Key{"daemon.status_for_all", Form::flag, "false", no_sample,
        "Whether every other user may ask there too, but command nothing."},
    Key{"daemon.settle", Form::table, no_default, no_sample,
        "After a change on disk, how long the files must be quiet before they are read."},
    Key{"daemon.settle.min", Form::duration, R"("1s")", no_sample, "Quiet time after the last change."},
    Key{"daemon.settle.max", Form::duration, R"("30s")", no_sample,
        "The longest wait after the first change, quiet or not."},
    Key{"daemon.rescan", Form::wait, R"("5m")", no_sample,
        "How often every file is looked at, whatever events say."},
    Key{"daemon.shutdown_grace", Form::duration, R"("30s")", no_sample,
        "How long calls that are on their way may take when the daemon stops."},

    Key{"http", Form::table, no_default, no_sample,
        "The status page, with /status.json; /metrics for Prometheus; /healthz and /readyz. It only shows, "
        "and "
        "asks for no password: whoever reaches it may look."},
    Key{"http.listen", Form::listen, R"("127.0.0.1:9812")", no_sample,
        "An address of this machine and a port; \"unix:/run/certferry/http.sock\", for those who may ask at "
        "the control socket; or \"\" for none."},
    Key{"http.hosts", Form::hosts, "[]", no_sample,
        "By which names or addresses others reach it, as in [\"status.example.com\"]: for a proxy in front "
        "of "
        "it, or an address that is not of this machine alone."},

    Key{"log", Form::table, no_default, no_sample, "The log."},
    Key{"log.level", Form::word, R"("info")", no_sample, "The least important lines that are written.",
        log_level_words},
    Key{"log.format", Form::word, R"("journal")", no_sample,
        "\"journal\" is the systemd journal, with a field for each thing that is told, or text where "
        "standard "
        "error leads elsewhere; \"json\" is an object on each line of standard error, \"text\" is for "
        "people.",
        log_format_words},

    Key{"account", Form::named_tables, no_default, no_sample,
        "An account of Tencent Cloud, under a name of your choice; mappings follow \"default\" unless they "
        "say "
        "otherwise."},
    Key{"account.NAME", Form::table, no_default, "default", ""},
    Key{"account.NAME.api", Form::word, R"("3.0")", no_sample,
        "The API generation: \"3.0\" is ReplaceCertForLoadBalancers; \"2.0\" is ReplaceCert at "
        "lb.api.qcloud.com, which Tencent has closed to new accounts.",
        api_words},
    Key{"account.NAME.site", Form::word, R"("cn")", no_sample,
        "\"cn\" is cloud.tencent.com, \"intl\" is tencentcloud.com (API 3.0).", site_words},
    Key{"account.NAME.regions", Form::regions, R"(["ap-guangzhou"])", no_sample,
        "Where the load balancers are, so that their listeners are read back (API 3.0)."},
    Key{"account.NAME.region", Form::region, R"("ap-guangzhou")", no_sample,
        "The Region of API 2.0, as a long or a short code."},
    Key{"account.NAME.credentials", Form::word_or_table, no_default,
        R"({ kind = "file", path = "/etc/certferry/credentials.toml" })",
        "Where secret_id, secret_key and token are; unless set, the first found of env, systemd, file, the "
        "official tools' ~/.tencentcloud/credentials and /etc/tencentcloud/credentials, oidc and cvm-role. "
        "A bare word is the kind with its defaults.",
        credentials_words},
    Key{"account.NAME.credentials.kind", Form::word, no_default, R"("file")",
        "\"file\" is a file that others may not read, TOML or the official tools' INI; \"env\" is "
        "TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY and TENCENTCLOUD_TOKEN; \"systemd\" is a file from "
        "LoadCredential=; \"cvm-role\" is the role that is bound to this CVM; \"oidc\" is that of a pod of "
        "TKE (TKE_ROLE_ARN and its companions).",
        credentials_words, required},
    Key{"account.NAME.credentials.path", Form::path, R"("/etc/certferry/credentials.toml")", no_sample,
        "The file, for kind = \"file\"."},
    Key{"account.NAME.credentials.name", Form::name, R"("certferry-credentials")", no_sample,
        "The credential's name in LoadCredential=, for kind = \"systemd\"."},
    Key{"account.NAME.credentials.role", Form::role_name, no_default, R"("CVM_QCSRole")",
        "The role's name, for kind = \"cvm-role\"; unless set, the one that is bound."},
    Key{"account.NAME.credentials.role_arn", Form::role_arn, no_default,
        R"("qcs::cam::uin/100000000001:roleName/certferry")",
        "A role to assume by STS with these credentials, for every kind."},
    Key{"account.NAME.credentials.role_session_name", Form::role_name, R"("certferry")", no_sample,
        "What the session is called in audit logs."},
    Key{"account.NAME.credentials.external_id", Form::external_id, no_default, R"("4b9fc92b")",
        "The external id that the role asks for, if it does."},
    Key{"account.NAME.credentials.duration", Form::wait, R"("2h")", no_sample,
        "How long the role's credentials last, from 1s to 12h; they are renewed in time."},
    Key{"account.NAME.signature_method", Form::word, R"("HmacSHA256")", no_sample,
        "How requests of API 2.0 are signed.", signature_method_words},
    Key{"account.NAME.requests_per_second", Form::factor, "10.0", no_sample,
        "How many calls of each action may be made in a second."},
    Key{"account.NAME.endpoint", Form::table, no_default, no_sample,
        "Where the API is, when it is not at Tencent's public addresses."},
    Key{"account.NAME.endpoint.clb", Form::origin, no_default, R"("https://clb.tencentcloudapi.com")",
        "Load balancers, API 3.0."},
    Key{"account.NAME.endpoint.ssl", Form::origin, no_default, R"("https://ssl.tencentcloudapi.com")",
        "Certificates, API 3.0."},
    Key{"account.NAME.endpoint.lb", Form::origin, no_default, R"("https://lb.api.qcloud.com")",
        "Load balancers, API 2.0."},
    Key{"account.NAME.endpoint.wss", Form::origin, no_default, R"("https://wss.api.qcloud.com")",
        "Certificates, API 2.0."},
    Key{"account.NAME.endpoint.sts", Form::origin, no_default, R"("https://sts.tencentcloudapi.com")",
        "Temporary credentials."},
    Key{"account.NAME.endpoint.metadata", Form::http_origin, no_default,
        R"("http://metadata.tencentyun.com")", "A CVM's own facts, among them its role; plain http."},
    Key{"account.NAME.ca_file", Form::path, no_default, R"("/etc/ssl/private-endpoint-ca.pem")",
        "Roots to trust for those endpoints, besides the system's."},
    Key{"account.NAME.timeout", Form::table, no_default, no_sample, "How long a call may take."},
    Key{"account.NAME.timeout.connect", Form::wait, R"("5s")", no_sample, "Until the connection stands."},
    Key{"account.NAME.timeout.total", Form::wait, R"("30s")", no_sample, "Until the answer is there."},

    Key{"notify", Form::named_tables, no_default, no_sample,
        "Who tells people when a rotation fails, goes on failing, recovers or is done, and when a deployed "
        "certificate nears its end."},
    Key{"notify.NAME", Form::table, no_default, "ops", ""},
    Key{"notify.NAME.kind", Form::word, no_default, R"("webhook")",
        "\"webhook\" posts JSON to url; \"wecom\" speaks through the robot of a WeCom group; \"command\" "
        "runs "
        "a program that reads the same JSON.",
        notifier_words, required},
    Key{"notify.NAME.url", Form::message_url, no_default, R"("https://ops.example.com/certferry")",
        "Where a webhook's JSON goes; https, or http to this machine."},
    Key{"notify.NAME.secret", Form::table, no_default, R"({ file = "/etc/certferry/ops.secret" })",
        "Of a webhook, what its messages are signed with (HMAC-SHA256); of a robot, its key. In one of two "
        "places."},
    Key{"notify.NAME.secret.file", Form::path, no_default, R"("/etc/certferry/ops.secret")",
        "A file that others may not read."},
    Key{"notify.NAME.secret.systemd", Form::name, no_default, R"("certferry-ops")",
        "A credential's name in LoadCredential=."},
    Key{"notify.NAME.command", Form::command, no_default, R"(["/usr/local/bin/certferry-told"])",
        "The program and its arguments, which are passed on as they are, without a shell."},
    Key{"notify.NAME.ca_file", Form::path, no_default, R"("/etc/ssl/private-endpoint-ca.pem")",
        "Roots to trust for url, besides the system's."},
    Key{"notify.NAME.gather", Form::wait, R"("30s")", no_sample,
        "What happens within this time is one message."},
    Key{"notify.NAME.timeout", Form::wait, R"("10s")", no_sample,
        "How long a message may take to be delivered."},

    Key{"mapping",
        Form::tables,
        no_default,
        no_sample,
        "A certificate on disk and the certificate ids that follow it. Write one [[mapping]] for each.",
        {},
        false,
        "write [[mapping]], in double brackets"},
    Key{"mapping.name",
        Form::name,
        no_default,
        R"("www")",
        "What it is called in logs and commands.",
        {},
        required},
    Key{"mapping.certificate",
        Form::certificate,
        no_default,
        R"("certbot:example.com")",
        "Where it is: \"certbot:NAME\", \"acme.sh:NAME\", \"lego:NAME\", \"dehydrated:NAME\", "
        "\"caddy:NAME\" or \"kubernetes:DIR\"; where the client has another directory than usual, "
        "{ certbot = \"NAME\", dir = \"/srv/letsencrypt\" }; or the files themselves, "
        "{ chain = \"/path/fullchain.pem\", key = \"/path/privkey.pem\" }.",
        {},
        required},
    Key{"mapping.certificate.certbot", Form::lineage_name, no_default, R"("example.com")",
        "The name that `certbot certificates` shows."},
    Key{R"(mapping.certificate."acme.sh")", Form::lineage_name, no_default, R"("example.com")",
        "The main domain that `acme.sh --list` shows; of its RSA and its EC certificate, the one issued "
        "last."},
    Key{"mapping.certificate.lego", Form::lineage_name, no_default, R"("example.com")",
        "The name that `lego list` shows."},
    Key{"mapping.certificate.dehydrated", Form::lineage_name, no_default, R"("example.com")",
        "The first name on its line of domains.txt, or its alias there."},
    Key{"mapping.certificate.caddy", Form::lineage_name, no_default, R"("example.com")",
        "The host's name, as in the Caddyfile; of several issuers' certificates, the one issued last."},
    Key{"mapping.certificate.kubernetes", Form::path, no_default, R"("/etc/tls")",
        "The directory at which a TLS secret is mounted."},
    Key{"mapping.certificate.dir", Form::path, no_default, R"("/srv/letsencrypt")",
        "The client's directory; unless set, /etc/letsencrypt, /root/.acme.sh, /root/.lego, "
        "/var/lib/dehydrated, or /var/lib/caddy/.local/share/caddy."},
    Key{"mapping.certificate.chain", Form::path, no_default, R"("/etc/ssl/www/fullchain.pem")",
        "The leaf certificate and its chain, PEM."},
    Key{"mapping.certificate.key", Form::path, no_default, R"("/etc/ssl/www/privkey.pem")",
        "The private key, PEM without a passphrase."},
    Key{"mapping.old_cert_id", Form::certificate_id, no_default, R"("4b9fc92b")",
        "The API's oldCertId: the id that the load balancers use today. Later ids are remembered; leave it."},
    Key{"mapping.account", Form::name, R"("default")", no_sample,
        "The [account.NAME] that old_cert_id is in."},
    Key{"mapping.targets",
        Form::tables,
        no_default,
        R"([{ account = "default", old_cert_id = "4b9fc92b" }, { account = "default", old_cert_id = "Ku8h1lfR" }])",
        "Several ids, in the place of old_cert_id and account.",
        {},
        false,
        R"(write [{ account = "default", old_cert_id = "…" }])"},
    Key{"mapping.targets.account", Form::name, R"("default")", no_sample,
        "The [account.NAME] that it is in."},
    Key{"mapping.targets.old_cert_id",
        Form::certificate_id,
        no_default,
        R"("4b9fc92b")",
        "The API's oldCertId.",
        {},
        required},
    Key{"mapping.kind", Form::word, R"("server")", no_sample,
        "\"client\" is a CA that clients' certificates are checked against (mutual TLS): a chain without a "
        "key.",
        kind_words},
    Key{"mapping.deliver", Form::word, R"("id")", no_sample,
        "\"id\" uploads first and replaces by the new id; \"content\" sends the certificate with the "
        "replacement.",
        deliver_words},
    Key{"mapping.retry", Form::table, no_default, no_sample, "The wait between attempts, with full jitter."},
    Key{"mapping.retry.initial", Form::wait, R"("2s")", no_sample, "After the first failure."},
    Key{"mapping.retry.max", Form::wait, R"("15m")", no_sample, "Never longer than this."},
    Key{"mapping.retry.multiplier", Form::factor, "2.0", no_sample,
        "What each further failure multiplies it by."},
    Key{"mapping.retry.give_up", Form::wait_or_never, R"("never")", no_sample,
        "How long after its beginning a rotation that fails is given up, until the next renewal."},
    Key{"mapping.gate", Form::table, no_default, no_sample,
        "What a certificate must pass before anything is sent; each key lifts one check."},
    Key{"mapping.gate.allow_older", Form::flag, "false", no_sample,
        "Whether it may expire earlier than the deployed one."},
    Key{"mapping.gate.allow_name_loss", Form::flag, "false", no_sample,
        "Whether names of the deployed one may be missing."},
    Key{"mapping.gate.trust", Form::trust, R"("system")", no_sample,
        "Who may have issued it: \"system\", a PEM file of roots, or \"any\" (private CA, staging)."},
    Key{"mapping.gate.min_remaining", Form::duration, R"("0s")", no_sample,
        "How long it must still be valid."},
    Key{"mapping.gate.require_chain", Form::flag, "true", no_sample,
        "Whether the intermediates must be in the file."},
    Key{"mapping.verify", Form::table, no_default, no_sample, "What proves that a rotation is done."},
    Key{"mapping.verify.bindings", Form::flag, "true", no_sample,
        "Reads back which load balancers use the new id."},
    Key{"mapping.verify.endpoint", Form::endpoints, "[]", no_sample,
        "Places to look at by a TLS handshake, as in [\"www.example.com:443\"], or at another address in "
        "[\"www.example.com@203.0.113.7:443\"]."},
    Key{"mapping.verify.attempts_for", Form::duration, R"("2m")", no_sample,
        "How long the proof may take before the rotation counts as not proven."},
    Key{"mapping.verify.on_failure", Form::word, R"("alert")", no_sample,
        "What follows if an endpoint does not serve it by then: \"alert\" looks again and again, "
        "\"rollback\" "
        "goes back to the certificate before and waits for the next renewal.",
        on_failure_words},
    Key{"mapping.cleanup", Form::table, no_default, no_sample,
        "Ids that were replaced and that certferry itself had uploaded (API 3.0)."},
    Key{"mapping.cleanup.after", Form::wait_or_never, R"("never")", no_sample,
        "How long after its replacement such an id is deleted, if nothing is bound to it."},
    Key{"mapping.notify", Form::names, no_default, R"(["ops"])",
        "Which [notify.NAME] tell of it; every one unless set, and [] for none."},
};

std::string listed(Words words) {
    std::string text;
    for (std::size_t at = 0; at < words.size(); ++at) {
        if (at > 0) text += at + 1 == words.size() ? " or " : ", ";
        text += fmt::format("\"{}\"", words[at]);
    }
    return text;
}

AcmeClient client_of(const Key& key) {
    std::string_view name = key.name();
    if (name.starts_with('"')) name = name.substr(1, name.size() - 2);
    return from_word<AcmeClient>(name).value();
}

}  // namespace

std::string_view Key::name() const {
    const std::size_t from = path.ends_with('"') ? path.rfind('"', path.size() - 2) : path.rfind('.') + 1;
    return path.substr(from);
}

std::string_view Key::parent() const {
    return path == name() ? std::string_view() : path.substr(0, path.size() - name().size() - 1);
}

std::span<const Key> keys() {
    return table_of_keys;
}

std::string path_of(std::string_view parent, std::string_view name) {
    const std::string written =
        name.find('.') == std::string_view::npos ? std::string(name) : fmt::format("\"{}\"", name);
    return parent.empty() ? written : fmt::format("{}.{}", parent, written);
}

const Key* find_key(std::string_view path) {
    const auto found = std::find_if(table_of_keys.begin(), table_of_keys.end(),
                                    [&](const Key& key) { return key.path == path; });
    return found == table_of_keys.end() ? nullptr : &*found;
}

std::vector<const Key*> keys_of(std::string_view path) {
    std::vector<const Key*> children;
    for (const Key& key : table_of_keys)
        if (key.parent() == path) children.push_back(&key);
    return children;
}

bool fits(const Key& key, std::string_view text) {
    switch (key.form) {
        case Form::duration:
            return parse_duration(text).has_value();
        case Form::wait:
            return parse_duration(text).value_or(Duration::zero()) > Duration::zero();
        case Form::wait_or_never:
            return text == "never" || parse_duration(text).value_or(Duration::zero()) > Duration::zero();
        case Form::word:
        case Form::word_or_table:
            return std::find(key.words.begin(), key.words.end(), text) != key.words.end();
        case Form::certificate:
            return parse_lineage(text).has_value();
        case Form::name:
            return is_name(text);
        case Form::lineage_name:
            return is_name_at(client_of(key), text);
        case Form::certificate_id:
            return is_certificate_id(text);
        case Form::region:
            return is_region(text);
        case Form::role_name:
            return is_role_name(text);
        case Form::role_arn:
            return is_role_arn(text);
        case Form::external_id:
            return is_external_id(text);
        case Form::path:
            return is_path(text);
        case Form::trust:
            return text == "system" || text == "any" || is_path(text);
        case Form::origin:
            return is_https_origin(text);
        case Form::http_origin:
            return is_http_origin(text);
        case Form::listen:
            return parse_listen(text).has_value();
        case Form::message_url:
            return is_message_url(text);
        case Form::table:
        case Form::named_tables:
        case Form::tables:
        case Form::flag:
        case Form::factor:
        case Form::hosts:
        case Form::endpoints:
        case Form::regions:
        case Form::names:
        case Form::command:
            return false;
    }
    std::abort();
}

std::string noun(const Key& key) {
    using enum Form;
    switch (key.form) {
        case table:
            return "a table";
        case named_tables:
            return fmt::format("a section [{}.NAME]", key.name());
        case tables:
            return key.path == key.name() ? fmt::format("a section [[{}]]", key.name()) : "a list of tables";
        case flag:
            return "true or false";
        case duration:
            return "a duration";
        case wait:
            return "a duration longer than zero";
        case wait_or_never:
            return "a duration longer than zero, or \"never\"";
        case factor:
            return "a number from 1 to 100";
        case word:
            return listed(key.words);
        case word_or_table:
            return listed(key.words) + ", or a table";
        case certificate:
            return "\"certbot:NAME\" or the like, or a table";
        case name:
            return "a plain name";
        case lineage_name:
            return fmt::format("a certificate's name at {}", to_word(client_of(key)));
        case certificate_id:
            return "a certificate id";
        case region:
            return "a region code";
        case role_name:
            return "a role's or session's name";
        case role_arn:
            return "a role's ARN";
        case external_id:
            return "an external id";
        case path:
            return "an absolute path";
        case trust:
            return "\"system\", \"any\" or an absolute path";
        case origin:
            return "an https address";
        case http_origin:
            return "an http address";
        case listen:
            return "\"address:port\", \"unix:/path\" or \"\"";
        case hosts:
            return "a list of host names and addresses";
        case endpoints:
            return "a list of \"host:port\"";
        case regions:
            return "a list of region codes";
        case message_url:
            return "an https address";
        case names:
            return "a list of names";
        case command:
            return "a list that begins with a program's absolute path";
    }
    std::abort();
}

std::string_view hint(const Key& key) {
    using enum Form;
    if (!key.hint.empty()) return key.hint;
    switch (key.form) {
        case duration:
        case wait:
        case wait_or_never:
            return R"(write a whole number and a unit: "30s", "5m", "14d")";
        case flag:
            return "write true or false, without quotes";
        case certificate:
            return R"(write "certbot:NAME", "acme.sh:NAME", "lego:NAME", "dehydrated:NAME", "caddy:NAME", )"
                   R"("kubernetes:DIR", { certbot = "NAME", dir = "/srv/letsencrypt" }, )"
                   R"(or { chain = "/path/fullchain.pem", key = "/path/privkey.pem" })";
        case name:
            return "use letters, digits, '.', '_' and '-', 64 at most";
        case lineage_name:
            return key.doc;
        case certificate_id:
            return R"(copy the id from the console, as in "4b9fc92b")";
        case region:
            return R"(write it as the API does: "ap-guangzhou" or "gz")";
        case role_name:
            return "use letters, digits and any of +=,.@_-, 128 at most";
        case role_arn:
            return R"(copy it from the console, as in "qcs::cam::uin/100000000001:roleName/certferry")";
        case external_id:
            return "use 2 to 128 letters, digits and any of +=,.@:/_-";
        case path:
            return R"(write it from the root, as in "/etc/ssl/www/fullchain.pem")";
        case origin:
            return R"(write "https://host" or "https://host:port", without user, path and query)";
        case http_origin:
            return R"(write "http://host" or "http://host:port", without user, path and query)";
        case listen:
            return R"(write an address and a port, "127.0.0.1:9812", or "unix:/run/certferry/http.sock")";
        case hosts:
            return R"(write ["status.example.com"], without ports)";
        case endpoints:
            return R"(write ["www.example.com:443"])";
        case message_url:
            return R"(write "https://host/path"; http serves for 127.0.0.1 only)";
        case names:
            return R"(write ["ops"])";
        case Form::command:
            return R"(write ["/usr/local/bin/program", "argument"])";
        case regions:
            return R"(write them as the API does: ["ap-guangzhou", "ap-shanghai"])";
        case table:
        case named_tables:
        case tables:
        case factor:
        case word:
        case word_or_table:
        case trust:
            return {};
    }
    std::abort();
}

}  // namespace certferry::config
