// SPDX-License-Identifier: MIT
#include "report/snapshot.hpp"

#include "report/phrase.hpp"
#include "report/snapshot_json.hpp"
#include "rotate/rotation_world.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace tests;

config::Mapping mapping_of(const RotationWorld& world) {
    config::Mapping mapping;
    mapping.name = world.target.mapping;
    mapping.lineage = config::ClientLineage{config::AcmeClient::certbot, "example.com", "/etc/letsencrypt"};
    mapping.targets.push_back({world.target.key.account, world.target.key.configured_id});
    return mapping;
}

std::uint64_t json_failures(const Snapshot& snapshot) {
    return to_json(snapshot).at("targets").at(0).at("failures").to_number<std::uint64_t>();
}

TEST_CASE("a snapshot for machines has a version, and says of each target what is known") {
    RotationWorld world;
    REQUIRE(world.attempt(bundle_of(1)));
    Snapshot snapshot;
    snapshot.taken = world.loop.now();
    snapshot.mappings = {*mapping_state(world.journal, mapping_of(world), world.loop.now())};
    const boost::json::object json = to_json(snapshot);
    CHECK(json.at("version").as_int64() == 1);
    CHECK(json.at("daemon").is_null());
    const auto& target = json.at("targets").at(0).as_object();
    CHECK(target.at("certificate").as_string() == "certbot:example.com");
    CHECK(target.at("deployed_id").as_string() == "new00001");
    CHECK(target.at("stage").as_string() == "done");
    CHECK_FALSE(target.contains("pause"));
    CHECK_FALSE(target.contains("on_disk_fingerprint"));
}

TEST_CASE("the failures of a rotation are told until it succeeds") {
    RotationWorld world;
    world.cloud.faults["upload"] = {Fault::refused};
    const auto failures = [&] {
        Snapshot snapshot;
        snapshot.mappings = {*mapping_state(world.journal, mapping_of(world), world.loop.now())};
        return json_failures(snapshot);
    };
    REQUIRE_FALSE(world.attempt(bundle_of(1)));
    CHECK(failures() == 1);
    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(failures() == 0);
}

TEST_CASE("a reload that was refused is told until one succeeds") {
    Snapshot snapshot;
    snapshot.daemon = DaemonState();
    CHECK_FALSE(to_json(snapshot).at("daemon").as_object().contains("reload_problem"));
    snapshot.daemon->refused = RefusedReload{today, "line 3: no"};
    const boost::json::object json = to_json(snapshot);
    CHECK(json.at("daemon").at("reload_refused").as_string() == "2026-11-24T00:00:00Z");
    CHECK(json.at("daemon").at("reload_problem").as_string() == "line 3: no");
}

TEST_CASE("what keeps a target from going on comes first") {
    RotationWorld world;
    MappingState mapping = *mapping_state(world.journal, mapping_of(world), world.loop.now());
    CHECK(phrase(mapping, mapping.targets[0]) == "no renewal seen yet");
    mapping.trouble = Error(Errc::key_mismatch, "the key is another's");
    CHECK(phrase(mapping, mapping.targets[0]).starts_with("nothing usable on disk: the key is another's."));
    mapping.on_hold = today;
    CHECK(phrase(mapping, mapping.targets[0]) ==
          "on hold since 2026-11-24T00:00:00Z, until `certferry resume www`");
}

TEST_CASE("the journal knows what is on hold") {
    RotationWorld world;
    config::Config config;
    config.mappings = {mapping_of(world)};
    REQUIRE(world.journal.hold(world.target.mapping, today));
    const auto snapshot = journal_snapshot(world.journal, config, std::nullopt, today);
    REQUIRE(snapshot.has_value());
    CHECK(snapshot->mappings[0].on_hold == today);
}

}  // namespace
}  // namespace certferry
