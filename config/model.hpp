// SPDX-License-Identifier: MIT
#pragma once

#include "base/backoff.hpp"
#include "base/file_path.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// The typed configuration: plain values, each with its default. What the keys mean to people is in the table
/// of keys.cpp, from which the errors, the example and the manual come.
namespace certferry::config {

/// Quiet time after the last change on disk before the files are read; never longer than `max`.
struct Settle {
    Duration min = std::chrono::seconds(1);
    Duration max = std::chrono::seconds(30);

    friend bool operator==(const Settle&, const Settle&) = default;
};

inline constexpr std::string_view default_control_socket = "/run/certferry/control.sock";

struct Daemon {
    std::filesystem::path state_dir = "/var/lib/certferry";
    std::filesystem::path control_socket = default_control_socket;
    bool status_for_all = false;  // every user may ask, not only those who may command
    Settle settle;
    Duration rescan = std::chrono::minutes(5);
    Duration shutdown_grace = std::chrono::seconds(30);

    friend bool operator==(const Daemon&, const Daemon&) = default;
};

/// Where the status page, the metrics and the health are served: at an address of this machine, at a socket
/// in the file system, or nowhere.
struct ListenAtAddress {
    std::string address = "127.0.0.1";  // a literal, IPv6 without brackets
    std::uint16_t port = 9812;

    friend bool operator==(const ListenAtAddress&, const ListenAtAddress&) = default;
};
struct ListenAtSocket {
    std::filesystem::path path;

    friend bool operator==(const ListenAtSocket&, const ListenAtSocket&) = default;
};
struct ListenNowhere {
    friend bool operator==(const ListenNowhere&, const ListenNowhere&) = default;
};
using Listen = std::variant<ListenAtAddress, ListenAtSocket, ListenNowhere>;

struct Http {
    Listen listen;
    std::vector<std::string> hosts;  // by which names or addresses others may reach it

    friend bool operator==(const Http&, const Http&) = default;
};

/// The journal is systemd's; where standard error leads elsewhere, it is text.
enum class LogFormat { journal, json, text };

struct Log {
    std::string level = "info";  // debug | info | warning | error
    LogFormat format = LogFormat::journal;

    friend bool operator==(const Log&, const Log&) = default;
};

/// Where an account's keys come from: the places.
struct FileCredentials {
    std::filesystem::path path = "/etc/certferry/credentials.toml";

    friend bool operator==(const FileCredentials&, const FileCredentials&) = default;
};
struct EnvironmentCredentials {
    friend bool operator==(const EnvironmentCredentials&, const EnvironmentCredentials&) = default;
};
struct SystemdCredentials {
    std::string name = "certferry-credentials";  // the file of that name in $CREDENTIALS_DIRECTORY

    friend bool operator==(const SystemdCredentials&, const SystemdCredentials&) = default;
};
struct CvmRoleCredentials {
    std::optional<std::string> role;  // none: the one that is bound to this machine

    friend bool operator==(const CvmRoleCredentials&, const CvmRoleCredentials&) = default;
};
struct OidcCredentials {
    friend bool operator==(const OidcCredentials&, const OidcCredentials&) = default;
};
/// The first that is there: environment, systemd, file, the files of the official tools, OIDC, CVM role.
struct FirstCredentialsFound {
    SystemdCredentials systemd;
    FileCredentials file;

    friend bool operator==(const FirstCredentialsFound&, const FirstCredentialsFound&) = default;
};
using CredentialsPlace = std::variant<FirstCredentialsFound, FileCredentials, EnvironmentCredentials,
                                      SystemdCredentials, CvmRoleCredentials, OidcCredentials>;

/// A role that is assumed by STS, with what is found in a place.
struct AssumedRole {
    std::string arn;
    std::string session_name = "certferry";
    std::optional<std::string> external_id;
    Duration duration = std::chrono::hours(2);

    friend bool operator==(const AssumedRole&, const AssumedRole&) = default;
};

struct Credentials {
    CredentialsPlace place;
    std::optional<AssumedRole> role;

    friend bool operator==(const Credentials&, const Credentials&) = default;
};

/// The generation of the API that an account is spoken to in.
enum class Api { v2, v3 };

/// Where the account lives: mainland China's site, or the international one. Neither knows the other's keys.
enum class Site { cn, intl };

enum class SignatureMethod { hmac_sha1, hmac_sha256 };

struct Timeout {
    Duration connect = std::chrono::seconds(5);
    Duration total = std::chrono::seconds(30);

    friend bool operator==(const Timeout&, const Timeout&) = default;
};

/// Overrides of where an account's API is, as scheme://host:port; always https, save for the metadata service
/// of CVMs, which speaks plain http.
struct Endpoint {
    std::optional<std::string> clb;  // API 3.0: load balancers
    std::optional<std::string> ssl;  // API 3.0: certificates
    std::optional<std::string> lb;   // API 2.0
    std::optional<std::string> wss;
    std::optional<std::string> sts;
    std::optional<std::string> metadata;

    friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

struct Account {
    AccountName name;
    Api api = Api::v3;
    Site site = Site::cn;
    std::string region = "ap-guangzhou";                  // API 2.0
    std::vector<std::string> regions = {"ap-guangzhou"};  // API 3.0: where bindings are read back
    Credentials credentials;
    double requests_per_second = 10;  // of each action
    SignatureMethod signature_method = SignatureMethod::hmac_sha256;
    Endpoint endpoint;
    std::optional<std::filesystem::path> ca_file;  // extra trust anchors for the endpoints
    Timeout timeout;

    friend bool operator==(const Account&, const Account&) = default;
};

/// The files that a certificate is in.
struct CertificateFiles {
    FilePath chain;
    std::optional<FilePath> key;  // none for kind = "client"

    friend bool operator==(const CertificateFiles&, const CertificateFiles&) = default;
};

/// Who keeps a lineage renewed. Kubernetes does it with a secret that is mounted as a volume.
enum class AcmeClient { certbot, acme_sh, lego, dehydrated, caddy, kubernetes };

/// A lineage by the name that its client has for it. Where that is on disk: watch/places.hpp.
struct ClientLineage {
    AcmeClient client{};
    std::string name;  // "example.com"; of Kubernetes, the directory of the volume
    FilePath dir;      // the client's own

    friend bool operator==(const ClientLineage&, const ClientLineage&) = default;
};

using Lineage = std::variant<CertificateFiles, ClientLineage>;

enum class Kind { server, client };
enum class Deliver { id, content };

struct TrustSystem {
    friend bool operator==(const TrustSystem&, const TrustSystem&) = default;
};
struct TrustFile {
    FilePath path;

    friend bool operator==(const TrustFile&, const TrustFile&) = default;
};
struct TrustAny {
    friend bool operator==(const TrustAny&, const TrustAny&) = default;
};
using Trust = std::variant<TrustSystem, TrustFile, TrustAny>;

struct Gate {
    bool allow_older = false;
    bool allow_name_loss = false;
    Trust trust = TrustSystem{};
    Duration min_remaining = Duration::zero();
    bool require_chain = true;

    friend bool operator==(const Gate&, const Gate&) = default;
};

/// A place where a TLS handshake shows what is served.
struct ProbeEndpoint {
    std::string host;  // what is asked for, by SNI
    std::uint16_t port = 443;
    std::optional<std::string> address;  // what is connected to, where that is another host or address

    friend bool operator==(const ProbeEndpoint&, const ProbeEndpoint&) = default;
};

/// What becomes of a rotation whose bindings have moved, but whose proof was not found: nothing but words, or
/// back to the certificate before.
enum class OnFailure { alert, rollback };

struct Verify {
    bool bindings = true;
    std::vector<ProbeEndpoint> endpoint;
    Duration attempts_for = std::chrono::minutes(2);
    OnFailure on_failure = OnFailure::alert;

    friend bool operator==(const Verify&, const Verify&) = default;
};

/// Where a notifier's secret is, read anew for each message; never in the configuration itself.
struct SecretFile {
    std::filesystem::path path;

    friend bool operator==(const SecretFile&, const SecretFile&) = default;
};
struct SystemdSecret {
    std::string name;  // the file of that name in $CREDENTIALS_DIRECTORY

    friend bool operator==(const SystemdSecret&, const SystemdSecret&) = default;
};
using SecretPlace = std::variant<SecretFile, SystemdSecret>;

/// A POST of JSON; with a secret, its HMAC is sent along.
struct Webhook {
    std::string url;
    std::optional<SecretPlace> secret;
    std::optional<std::filesystem::path> ca_file;  // extra trust anchors

    friend bool operator==(const Webhook&, const Webhook&) = default;
};

inline constexpr std::string_view default_wecom_url = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send";

/// A robot of a WeCom group. Its key is the secret.
struct Wecom {
    std::string url{default_wecom_url};  // without the key
    SecretPlace secret;
    std::optional<std::filesystem::path> ca_file;

    friend bool operator==(const Wecom&, const Wecom&) = default;
};

/// A program that reads the JSON on its standard input.
struct NotifyCommand {
    std::vector<std::string> command;  // the program's absolute path, and its arguments

    friend bool operator==(const NotifyCommand&, const NotifyCommand&) = default;
};

/// Who tells people.
struct Notifier {
    NotifierName name;
    std::variant<Webhook, Wecom, NotifyCommand> way;
    Duration gather = std::chrono::seconds(30);  // what happens within it is one message
    Duration timeout = std::chrono::seconds(10);

    friend bool operator==(const Notifier&, const Notifier&) = default;
};

struct Target {
    AccountName account;
    CertificateId old_cert_id;

    friend auto operator<=>(const Target&, const Target&) = default;
};

struct Mapping {
    MappingName name;
    Lineage lineage;
    Kind kind = Kind::server;
    std::vector<Target> targets;
    Deliver deliver = Deliver::id;
    Backoff retry;
    std::optional<Duration> give_up;  // so long after the first attempt; never unless set
    Gate gate;
    Verify verify;
    std::optional<Duration>
        cleanup_after;  // so long after an id was superseded it is deleted; never unless set
    std::optional<std::vector<NotifierName>> notify;  // who is told; every notifier unless set

    friend bool operator==(const Mapping&, const Mapping&) = default;
};

struct Config {
    Daemon daemon;
    Http http;
    Log log;
    std::map<AccountName, Account> accounts;
    std::map<NotifierName, Notifier> notifiers;
    std::vector<Mapping> mappings;

    friend bool operator==(const Config&, const Config&) = default;
};

}  // namespace certferry::config
