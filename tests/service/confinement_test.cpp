// SPDX-License-Identifier: MIT
#include "service/confinement.hpp"

#include "base/posix_files.hpp"
#include "support/temp_tree.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace tests;
using Strings = std::vector<std::string>;

const char* no_environment(const char*) {
    return nullptr;
}

config::Config config_with(config::Lineage lineage) {
    config::Config config;
    config.mappings.emplace_back().lineage = std::move(lineage);
    return config;
}

Confinement needs_of(const config::Config& config) {
    return confinement_of(config, "/etc/certferry/certferry.toml", PosixFiles(), no_environment);
}

bool may_read(const Confinement& needs, const std::filesystem::path& path) {
    Confinement wanted = needs;
    wanted.readable = {path};
    return beyond(needs, wanted).empty();
}

TEST_CASE("what a configuration names may be read, its neighbours may not") {
    config::Config config = config_with(config::ClientLineage{config::AcmeClient::certbot, "a", "/srv/le"});
    config.accounts[AccountName("default")].ca_file = "/opt/cloud/ca.pem";
    config.mappings[0].gate.trust = config::TrustFile{"/opt/trust/roots.pem"};
    const Confinement needs = needs_of(config);
    for (const char* const path : {"/etc", "/srv/le", "/opt/cloud", "/opt/trust"})
        CHECK_MESSAGE(may_read(needs, path), path);
    for (const char* const path : {"/", "/srv", "/opt", "/var", "/root", "/home"})
        CHECK_MESSAGE(!may_read(needs, path), path);
    CHECK(needs.writable == std::set<std::filesystem::path>{"/run/certferry", "/var/lib/certferry"});
    config.http.listen = config::ListenAtSocket{"/run/http/certferry.sock"};
    CHECK(needs_of(config).writable.contains("/run/http"));
}

TEST_CASE("a notifier needs its port, its files, and a program any port") {
    config::Config config;
    config::Webhook webhook;
    webhook.url = "https://ops.example.com:8443/certferry?to=all";
    webhook.secret = config::SecretFile{"/opt/secrets/ops"};
    webhook.ca_file = "/opt/roots/ops.pem";
    config.notifiers[NotifierName("ops")].way = webhook;
    Confinement needs = needs_of(config);
    CHECK(needs.ports.contains(8443));
    CHECK(may_read(needs, "/opt/secrets"));
    CHECK(may_read(needs, "/opt/roots"));

    config.notifiers[NotifierName("pager")].way = config::NotifyCommand{{"/opt/pager/bin/page", "--now"}};
    needs = needs_of(config);
    CHECK(needs.ports.empty());
    CHECK(may_read(needs, "/opt/pager/bin"));
}

TEST_CASE("what this system does not have is not asked for: the directory above would stand for it") {
    const Confinement needs = needs_of(config::Config());
    for (const auto& path : needs.readable)
        CHECK_MESSAGE((path == "/etc/certferry" || std::filesystem::exists(path)), path);
}

TEST_CASE("a directory that a link is swapped in may be read, so that the next renewal may be") {
    const TempTree tree;
    tree.make_directory("releases");
    tree.make_directory("releases/3");
    tree.link("current", "releases/3");
    const auto needs = needs_of(
        config_with(config::CertificateFiles{tree.path("current/chain.pem"), tree.path("current/key.pem")}));
    CHECK(may_read(needs, tree.root()));
    CHECK(may_read(needs, tree.path("releases")));
}

TEST_CASE("what lies below one that may be read is not named, however many lineages there are") {
    config::Config config = config_with(config::CertificateFiles{"/srv/le/a/chain.pem", "/srv/le/a/key.pem"});
    const std::size_t few = needs_of(config).readable.size();
    for (const char* const name : {"b", "c", "d"}) {
        const std::filesystem::path home = std::filesystem::path("/srv/le") / name;
        config.mappings.emplace_back().lineage =
            config::CertificateFiles{home / "chain.pem", home / "key.pem"};
    }
    const Confinement needs = needs_of(config);
    CHECK(needs.readable.size() == few);
    CHECK(may_read(needs, "/srv/le/d"));
    CHECK(!may_read(needs, "/srv/other"));
}

TEST_CASE("it connects to the ports of its endpoints, to those that it looks at, and to the usual ones") {
    config::Config config = config_with(config::CertificateFiles{"/srv/a/chain.pem", "/srv/a/key.pem"});
    config.accounts[AccountName("default")].endpoint.clb = "https://localhost:8443";
    config.accounts[AccountName("default")].endpoint.ssl = "https://ssl.example.com";
    config.mappings[0].verify.endpoint = {{"www.example.com", 9443, std::nullopt}};
    CHECK(needs_of(config).ports == std::set<std::uint16_t>{53, 80, 443, 8443, 9443});
}

TEST_CASE("what a changed configuration needs beyond what was given is named") {
    const Confinement given = needs_of(config_with(config::CertificateFiles{"/srv/a/chain", "/srv/a/key"}));
    config::Config config = config_with(config::CertificateFiles{"/srv/a/b/chain", "/srv/b/key"});
    config.mappings[0].verify.endpoint = {{"www.example.com", 9443, std::nullopt}};
    CHECK(beyond(given, given).empty());
    CHECK(beyond(given, needs_of(config)) == Strings{"reading /srv/b", "connecting to port 9443"});

    Confinement any_port = given;
    any_port.ports.clear();
    CHECK(beyond(any_port, needs_of(config)) == Strings{"reading /srv/b"});
}

}  // namespace
}  // namespace certferry
