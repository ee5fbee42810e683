// SPDX-License-Identifier: MIT
#include "config/layouts.hpp"

#include "config/words.hpp"

#include <doctest/doctest.h>

namespace certferry::config {
namespace {

TEST_CASE("a lineage is a client and a name, in the client's usual directory") {
    const auto lineage = parse_lineage("acme.sh:example.com");
    REQUIRE(lineage.has_value());
    CHECK(*lineage == ClientLineage{AcmeClient::acme_sh, "example.com", "/root/.acme.sh"});
    for (const char* bad : {"", "example.com", "certbot", "certbot:", "certbot:a/b", "Certbot:example.com",
                            "kubernetes:tls", "lego:..", ":example.com"})
        CHECK_FALSE_MESSAGE(parse_lineage(bad).has_value(), bad);
}

TEST_CASE("a wildcard name is for the clients that have such names, as each writes it") {
    const std::string wildcard = "*.example.com";
    CHECK(name_on_disk(AcmeClient::acme_sh, wildcard) == "*.example.com");
    CHECK(name_on_disk(AcmeClient::lego, wildcard) == "_.example.com");
    CHECK(name_on_disk(AcmeClient::caddy, wildcard) == "wildcard_.example.com");
    for (const AcmeClient client : {AcmeClient::acme_sh, AcmeClient::lego, AcmeClient::caddy}) {
        CAPTURE(to_word(client));
        CHECK(is_name_at(client, wildcard));
        CHECK(is_name_at(client, "_.example.com"));
        for (const char* bad : {"*", "*.", "*.*.example.com", "a*.example.com", "*./etc"})
            CHECK_FALSE_MESSAGE(is_name_at(client, bad), bad);
    }
    CHECK_FALSE(is_name_at(AcmeClient::certbot, wildcard));
    CHECK_FALSE(is_name_at(AcmeClient::dehydrated, wildcard));
}

TEST_CASE("the name of a secret is where it is mounted") {
    const auto lineage = parse_lineage("kubernetes:/etc/tls");
    REQUIRE(lineage.has_value());
    CHECK(*lineage == ClientLineage{AcmeClient::kubernetes, "/etc/tls", ""});
}

}  // namespace
}  // namespace certferry::config
