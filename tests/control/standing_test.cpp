// SPDX-License-Identifier: MIT
#include "control/client/standing.hpp"

#include "control/client/history.hpp"
#include "rotate/rotation_world.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <doctest/doctest.h>

namespace certferry::client {
namespace {

using namespace tests;

config::Config config_of(const RotationWorld& world) {
    config::Config config;
    config::Mapping mapping;
    mapping.name = world.target.mapping;
    mapping.targets.push_back({world.target.key.account, world.target.key.configured_id});
    config.mappings.push_back(mapping);
    return config;
}

std::vector<Standing> standings_of(RotationWorld& world) {
    auto found = standings(world.journal, config_of(world), std::nullopt, world.loop.now());
    REQUIRE(found.has_value());
    return *found;
}

TEST_CASE("the status says what is deployed, and why nothing newer is") {
    RotationWorld world;
    CHECK(status_table(standings_of(world)) ==
          "MAPPING  ACCOUNT  OLD_CERT_ID  DEPLOYED  VALID UNTIL    STATE\n"
          "www      default  4b9fc92b     4b9fc92b  not known yet  no renewal seen yet\n");

    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(status_table(standings_of(world)) ==
          "MAPPING  ACCOUNT  OLD_CERT_ID  DEPLOYED  VALID UNTIL  STATE\n"
          "www      default  4b9fc92b     new00001  2027-01-24   deployed and proven 2026-11-24T00:00:00Z\n");

    REQUIRE_FALSE(world.attempt(bundle_of(0)));
    const std::string held = phrase(standings_of(world).front());
    CHECK_MESSAGE(held.starts_with("held: the certificate"), held);
}

TEST_CASE("machines get the same, with a version") {
    RotationWorld world;
    REQUIRE(world.attempt(bundle_of(1)));
    const auto status = boost::json::parse(status_json(standings_of(world)));
    CHECK(status.at("version").as_int64() == 1);
    CHECK(status.at("targets").at(0).at("deployed_id").as_string() == "new00001");

    const auto history = boost::json::parse(history_json(standings_of(world)));
    CHECK(history.at("targets").at(0).at("succession").as_array().size() == 2);
    CHECK(history.at("targets").at(0).at("history").as_array().size() > 5);
}

TEST_CASE("a name that no mapping has is an error") {
    const RotationWorld world;
    const config::Config config = config_of(world);
    CHECK(check_known(config, std::nullopt).has_value());
    CHECK(check_known(config, MappingName("www")).has_value());
    const auto near = check_known(config, MappingName("ww"));
    REQUIRE_FALSE(near.has_value());
    CHECK(describe(near.error()) == "no mapping is named \"ww\". Did you mean \"www\"?");
    CHECK(describe(check_known(config, MappingName("another")).error()) ==
          "no mapping is named \"another\". There are: www");
}

}  // namespace
}  // namespace certferry::client
