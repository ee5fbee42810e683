// SPDX-License-Identifier: MIT
#include "service/confinement.hpp"

#include "cloud/url.hpp"
#include "watch/chain.hpp"
#include "watch/places.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <unordered_set>

#include <fmt/format.h>

namespace certferry {
namespace {

namespace fs = std::filesystem;

// Libraries, name resolution (whoever runs it), trusted CAs, and what the kernel tells a process of itself.
// Those that are not there are not needed.
constexpr std::array system_directories = {
    "/etc",
    "/usr",
    "/lib",
    "/lib64",
    "/proc",
    "/dev",
    "/run/systemd/resolve",
    "/run/NetworkManager",
    "/run/resolvconf",
};

// Where everybody has something: certificates lie below them, and are no reason to read all the rest.
constexpr std::array shared_directories = {
    "/",    "/var",     "/var/lib", "/home", "/root", "/opt",     "/srv",
    "/run", "/var/run", "/mnt",     "/tmp",  "/data", "/var/tmp",
};

// Files and directories that the environment names.
constexpr std::array variables = {
    "CREDENTIALS_DIRECTORY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "TKE_WEB_IDENTITY_TOKEN_FILE",
};

constexpr std::uint16_t https = 443;
constexpr std::uint16_t metadata_http = 80;
constexpr std::uint16_t dns = 53;

bool shared(const fs::path& directory) {
    return std::find(shared_directories.begin(), shared_directories.end(), directory.native()) !=
           shared_directories.end();
}

bool within(const fs::path& path, const std::set<fs::path>& directories) {
    for (fs::path above = path;; above = above.parent_path()) {
        if (directories.contains(above)) return true;
        if (!above.has_relative_path()) return false;
    }
}

class Needs {
public:
    Needs(const Files& files, const Environment& environment) : files_(files), environment_(environment) {}

    Confinement of(const config::Config& config, const fs::path& config_file) {
        for (const char* const system : system_directories)
            if (files_.link_target(system)) directory(system);
        needs_.ports = {https, metadata_http, dns};
        file(fs::absolute(config_file));
        for (const char* const variable : variables) named_by(variable);
        needs_.writable = {config.daemon.state_dir, config.daemon.control_socket.parent_path()};
        if (const auto* const socket = std::get_if<config::ListenAtSocket>(&config.http.listen))
            needs_.writable.insert(socket->path.parent_path());
        for (const auto& [name, account] : config.accounts) of_account(account);
        for (const auto& [name, notifier] : config.notifiers)
            std::visit([this](const auto& way) { of_notifier(way); }, notifier.way);
        for (const config::Mapping& mapping : config.mappings) of_mapping(mapping);
        if (any_port_) needs_.ports.clear();
        return std::move(needs_);
    }

private:
    void directory(const fs::path& path) { needs_.readable.insert(path); }

    void file(const fs::path& path) {
        if (files_seen_.insert(path.native()).second) files({path});
    }

    // What many files have in common is looked at once: ten thousand mappings may share their roots, and have
    // most of the way to their certificates in common.
    void files(const std::vector<fs::path>& paths) {
        for (const Step& step : steps_of(files_, paths, met_))
            if (!shared(step.directory) && directories_seen_.insert(step.directory).second)
                resolved_directory(step.directory);
        for (const fs::path& path : paths) {
            const fs::path parent = path.parent_path();
            if (!directories_seen_.contains(parent.native())) directory(parent);
            links_in_shared_directories(path);
        }
    }

    // What lies below one that may be read may be read.
    void resolved_directory(const fs::path& path) {
        if (!within(path, needs_.readable)) directory(path);
    }

    // A link in a shared directory may lead to another neighbour the next time.
    void links_in_shared_directories(fs::path part) {
        while (part.has_relative_path() && parts_seen_.insert(part.native()).second) {
            fs::path parent = part.parent_path();
            if (shared(parent) && is_link(part)) directory(parent);
            part = std::move(parent);
        }
    }

    bool is_link(const fs::path& path) { return !met_.target(files_, path.native()).empty(); }

    void named_by(const char* variable) {
        const char* const value = environment_(variable);
        if (value == nullptr || *value != '/') return;
        directory(value);
        file(value);
    }

    void port_of(const std::optional<std::string>& url) {
        if (const auto port = url ? url_port(*url) : std::nullopt) needs_.ports.insert(*port);
    }

    void of_account(const config::Account& account) {
        const auto& endpoint = account.endpoint;
        for (const auto* const url :
             {&endpoint.clb, &endpoint.ssl, &endpoint.lb, &endpoint.wss, &endpoint.sts, &endpoint.metadata})
            port_of(*url);
        if (account.ca_file) file(*account.ca_file);
        if (const auto* const named = std::get_if<config::FileCredentials>(&account.credentials.place))
            file(named->path);
        if (!std::holds_alternative<config::FirstCredentialsFound>(account.credentials.place)) return;
        if (const char* const home = environment_("HOME"); home != nullptr && *home == '/')
            directory(fs::path(home) / ".tencentcloud");
    }

    template <class Messenger>
    void of_notifier(const Messenger& messenger) {
        port_of(messenger.url);
        if (messenger.ca_file) file(*messenger.ca_file);
        of_secret(messenger.secret);
    }

    // Nobody knows what ports a program needs, which is confined like the daemon that runs it.
    void of_notifier(const config::NotifyCommand& program) {
        file(program.command.front());
        any_port_ = true;
    }

    void of_secret(const std::optional<config::SecretPlace>& place) {
        if (!place) return;
        if (const auto* const named = std::get_if<config::SecretFile>(&*place)) file(named->path);
    }

    void of_mapping(const config::Mapping& mapping) {
        if (const auto* const named = std::get_if<config::ClientLineage>(&mapping.lineage))
            directory(named->dir.empty() ? FilePath(named->name) : named->dir);
        files(paths_of(places_of(files_, mapping.lineage)));
        if (const auto* const trusted = std::get_if<config::TrustFile>(&mapping.gate.trust))
            file(trusted->path);
        for (const config::ProbeEndpoint& endpoint : mapping.verify.endpoint)
            needs_.ports.insert(endpoint.port);
    }

    const Files& files_;
    const Environment& environment_;
    Confinement needs_;
    MetLinks met_;
    std::unordered_set<std::string> files_seen_;
    std::unordered_set<std::string> directories_seen_;  // on the way to them, not shared
    std::unordered_set<std::string> parts_seen_;        // of their paths, and all parts above
    bool any_port_ = false;
};

}  // namespace

Confinement confinement_of(const config::Config& config, const fs::path& config_file, const Files& files,
                           const Environment& environment) {
    return Needs(files, environment).of(config, config_file);
}

std::vector<std::string> beyond(const Confinement& given, const Confinement& wanted) {
    std::set<fs::path> named;
    for (const fs::path& path : wanted.readable)
        if (!within(path, given.readable) && !within(path, named)) named.insert(path);
    std::vector<std::string> needs;
    needs.reserve(named.size() + wanted.ports.size());
    for (const fs::path& path : named) needs.push_back("reading " + path.string());
    if (wanted.ports.empty() && !given.ports.empty()) needs.emplace_back("connecting to any port");
    for (const std::uint16_t port : wanted.ports)
        if (!given.ports.empty() && !given.ports.contains(port))
            needs.push_back(fmt::format("connecting to port {}", port));
    return needs;
}

}  // namespace certferry
