// SPDX-License-Identifier: MIT
#include "control/client/tables.hpp"

#include "report/history_json.hpp"
#include "report/snapshot_json.hpp"
#include "rotate/rotation_world.hpp"

#include <boost/json/array.hpp>
#include <doctest/doctest.h>

namespace certferry::client {
namespace {

using namespace tests;
using control::Command;
namespace json = boost::json;

config::Config config_of(const RotationWorld& world) {
    config::Config config;
    config::Mapping mapping;
    mapping.name = world.target.mapping;
    mapping.targets.push_back({world.target.key.account, world.target.key.configured_id});
    config.mappings.push_back(mapping);
    return config;
}

std::string status_of(RotationWorld& world) {
    const auto seen = journal_snapshot(world.journal, config_of(world), std::nullopt, world.loop.now());
    REQUIRE(seen.has_value());
    return text_of(Command::status, to_json(*seen), Paint::none);
}

TEST_CASE("the status says what is deployed, and why nothing newer is") {
    RotationWorld world;
    CHECK(status_of(world) ==
          "MAPPING  ACCOUNT  OLD_CERT_ID  DEPLOYED  VALID UNTIL    STATE\n"
          "www      default  4b9fc92b     4b9fc92b  not known yet  no renewal seen yet\n");

    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(status_of(world) ==
          "MAPPING  ACCOUNT  OLD_CERT_ID  DEPLOYED  VALID UNTIL  STATE\n"
          "www      default  4b9fc92b     new00001  2027-01-24   deployed and proven 2026-11-24T00:00:00Z\n");

    REQUIRE_FALSE(world.attempt(bundle_of(0)));
    const std::string held = status_of(world);
    CHECK_MESSAGE(held.find("held: the certificate") != std::string::npos, held);
}

TEST_CASE("the history shows the succession and each step") {
    RotationWorld world;
    REQUIRE(world.attempt(bundle_of(1)));
    const auto history = history_json(world.journal, config_of(world), std::nullopt, world.loop.now());
    REQUIRE(history.has_value());
    const std::string text = text_of(Command::history, *history, Paint::none);
    CHECK(text.starts_with("mapping www, account default, old_cert_id 4b9fc92b\n\nCERTIFICATE ID"));
    CHECK(text.find("\nnew00001") != std::string::npos);
    CHECK(text.find("done       ") != std::string::npos);
}

TEST_CASE("the history says of an id whose certificate only the cloud has that it is not known") {
    RotationWorld world;
    CertificateFacts by_hand;
    by_hand.not_after = std::chrono::sys_days(std::chrono::year(2027) / 6 / 17);
    const WallTime now = world.loop.now();
    REQUIRE(
        world.journal.take_head(world.target.key, {CertificateId("byhand01"), by_hand, now, std::nullopt}));
    const auto history = history_json(world.journal, config_of(world), std::nullopt, now);
    REQUIRE(history.has_value());
    const std::string text = text_of(Command::history, *history, Paint::none);
    CHECK_MESSAGE(text.find("  2027-06-17   not known\n") != std::string::npos, text);
}

TEST_CASE("of a very long history the last steps are shown, and that older ones are left out") {
    RotationWorld world;
    Rotation rotation;
    rotation.target = world.target.key;
    rotation.old_id = CertificateId("4b9fc92b");
    rotation = *world.journal.begin(rotation);
    const auto shown = [&] {
        return text_of(Command::history,
                       *history_json(world.journal, config_of(world), std::nullopt, world.loop.now()),
                       Paint::none);
    };
    for (int number = 2; number <= 1000; ++number)
        REQUIRE(world.journal.record(rotation, fmt::format("step {};", number)));
    CHECK(shown().find("older") == std::string::npos);

    REQUIRE(world.journal.record(rotation, "step 1001;"));
    REQUIRE(world.journal.record(rotation, "step 1002;"));
    const std::string text = shown();
    CHECK(text.find("step 1002;") != std::string::npos);
    CHECK(text.find("step 3;") != std::string::npos);
    CHECK(text.find("step 2;") == std::string::npos);
    CHECK(text.ends_with("\nthe last 1000 steps; older ones are in the journal\n"));
}

TEST_CASE("a plan names the load balancers") {
    const json::object place{{"load_balancer", "lb-1"}, {"listener", "lbl-2"}, {"domain", "a.example"}};
    const json::object target{{"mapping", "www"},          {"account", "default"},
                              {"old_cert_id", "4b9fc92b"}, {"deployed_id", "e2b6d555"},
                              {"says", "replace …"},       {"load_balancers", json::array{place}}};
    CHECK(text_of(Command::plan, {{"targets", json::array{target}}}, Paint::none) ==
          "mapping www, account default, old_cert_id 4b9fc92b\n"
          "  replace …\n"
          "  e2b6d555 serves:\n"
          "    lb-1 lbl-2 a.example\n");
}

TEST_CASE("a reload says what has changed, and what comes later") {
    const json::object result{{"added", json::array{"shop"}},
                              {"changed", json::array()},
                              {"removed", json::array{"a", "b"}},
                              {"kept", 3},
                              {"later", json::array{"log.format"}}};
    CHECK(text_of(Command::reload, result, Paint::none) ==
          "the configuration is in force; mappings as before: 3; added: shop; removed: a, b\n"
          "at the next start of certferryd: log.format\n");
}

TEST_CASE("colours are for terminals") {
    const json::object target{{"mapping", "www"}, {"says", "held: expired"}};
    const json::object result{{"targets", json::array{target}}};
    CHECK(text_of(Command::status, result, Paint::none).find('\x1b') == std::string::npos);
    CHECK(text_of(Command::status, result, Paint::colours).find("\x1b[31mheld: expired\x1b[0m") !=
          std::string::npos);
}

TEST_CASE("an answer without a result says nothing") {
    CHECK(text_of(Command::status, {}, Paint::none).empty());
}

}  // namespace
}  // namespace certferry::client
