// SPDX-License-Identifier: MIT
#include "config/toml_loader.hpp"

#include "config/loading.hpp"

#include <doctest/doctest.h>

namespace certferry::config {
namespace {

using tests::loaded;
using tests::problems_in;
using tests::TempDir;

constexpr std::string_view account = "[account.default]\n";

std::string mapping(std::string_view name, std::string_view id) {
    return "[[mapping]]\nname = \"" + std::string(name) +
           "\"\ncertificate = \"certbot:example.com\"\nold_cert_id = \"" + std::string(id) + "\"\n";
}

TEST_CASE("values arrive in their types") {
    const Config config = loaded(R"(
[daemon]
settle.min = "250ms"

[account.default]
credentials = { kind = "file", path = "/run/keys.toml" }

[[mapping]]
name = "shop"
certificate = { chain = "/shop/fullchain.pem", key = "/shop/privkey.pem" }
old_cert_id = "4b9fc92b"
retry.multiplier = 3
gate = { trust = "/shop/roots.pem" }
verify.endpoint = ["shop.example.com:8443"]
)");
    CHECK(config.daemon.settle.min == std::chrono::milliseconds(250));
    CHECK(config.accounts.at(AccountName("default")).credentials ==
          Credentials{FileCredentials{"/run/keys.toml"}, {}});
    const Mapping& shop = config.mappings.at(0);
    CHECK(shop.lineage == Lineage(CertificateFiles{"/shop/fullchain.pem", "/shop/privkey.pem"}));
    CHECK(shop.retry.multiplier == 3.0);
    CHECK(shop.gate.trust == Trust(TrustFile{"/shop/roots.pem"}));
    CHECK(shop.verify.endpoint == std::vector{ProbeEndpoint{"shop.example.com", 8443, std::nullopt}});
}

TEST_CASE("files of conf.d are read in the order of their names, and only *.toml") {
    const TempDir dir;
    dir.write("certferry.toml", std::string(account) + mapping("main", "id-1"));
    dir.write("conf.d/20-second.toml", mapping("second", "id-3"));
    dir.write("conf.d/10-first.toml", mapping("first", "id-2"));
    dir.write("conf.d/30.toml.bak", "not toml");
    dir.write("conf.d/.#10-first.toml", "an editor's lock");

    const Loaded loaded = load(dir.path() / "certferry.toml");
    REQUIRE(std::holds_alternative<Config>(loaded));
    std::vector<std::string> names;
    for (const Mapping& mapping : std::get<Config>(loaded).mappings) names.push_back(mapping.name.str());
    CHECK(names == std::vector<std::string>{"main", "first", "second"});
}

TEST_CASE("what is written in two files is refused, and both are named") {
    const TempDir dir;
    dir.write("certferry.toml",
              "[daemon]\nrescan = \"5m\"\n" + std::string(account) + mapping("www", "id-1"));
    dir.write("conf.d/more.toml", "[daemon]\nrescan = \"1m\"\n" + std::string(account) +
                                      mapping("www", "id-2") + mapping("api", "id-1"));
    CHECK("\n" + problems_in(dir) == R"(
conf.d/more.toml:2:1: daemon.rescan is already set at certferry.toml:2
    2 | rescan = "1m"
      | ^
        keep one of them
conf.d/more.toml:3:10: account "default" is already at certferry.toml:3
    3 | [account.default]
      |          ^
        keep one of them, or rename the other
conf.d/more.toml:5:8: mapping "www" is already at certferry.toml:5
    5 | name = "www"
      |        ^
        give each mapping a name of its own; several ids of one certificate go into targets
conf.d/more.toml:11:15: certificate id "id-1" of account "default" is already followed at certferry.toml:7
   11 | old_cert_id = "id-1"
      |               ^
        an id follows one certificate only: remove it from one of them
)");
}

TEST_CASE("mistakes of all files are told at once; names are not missed in what could not be read") {
    const TempDir dir;
    dir.write("certferry.toml", "[account.default\n");
    dir.write("conf.d/www.toml", "[log]\nlevel = \"loud\"\n" + mapping("www", "id-1"));
    CHECK("\n" + problems_in(dir) == R"(
certferry.toml:1:17: this is not TOML: table header: expected ']', saw '\n'
    1 | [account.default
      |                 ^
conf.d/www.toml:2:9: level must be "debug", "info", "warning" or "error", not "loud"
    2 | level = "loud"
      |         ^
)");
}

TEST_CASE("a configuration that cannot be read says so") {
    const TempDir dir;
    CHECK(problems_in(dir) ==
          "certferry.toml: No such file or directory\n"
          "        name the configuration with --config, and let the daemon's user read it\n");
    std::filesystem::create_directory(dir.path() / "certferry.toml");
    CHECK(problems_in(dir) ==
          "certferry.toml: not a regular file\n"
          "        name the configuration with --config, and let the daemon's user read it\n");
}

TEST_CASE("a file that is too large is not read") {
    const TempDir dir;
    dir.write("certferry.toml", std::string(16 * 1024 * 1024 + 1, '#'));
    CHECK(problems_in(dir).starts_with(
        "certferry.toml: 16777217 bytes, more than the 16777216 that are read\n"));
}

}  // namespace
}  // namespace certferry::config
