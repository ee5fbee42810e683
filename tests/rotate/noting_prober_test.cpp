// SPDX-License-Identifier: MIT
#include "rotate/noting_prober.hpp"

#include "rotate/rotation_world.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace tests;

TEST_CASE("a look is remembered, whoever asked for it, under the name that the configuration has") {
    RotationWorld world;
    NotingProber prober(world.prober, world.loop);
    const config::ProbeEndpoint endpoint{"www.example.com", 443, "203.0.113.7"};
    const std::string name = "www.example.com@203.0.113.7:443";
    CHECK(prober.sightings().find(name) == nullptr);
    world.prober.served = bundle_of(1).leaf;
    REQUIRE(world.loop.run(prober.probe(endpoint, Offer::anything)).has_value());
    const Sighting* const sighting = prober.sightings().find(name);
    REQUIRE(sighting != nullptr);
    CHECK(sighting->seen == today);
    CHECK(sighting->served == bundle_of(1).leaf);
    CHECK_FALSE(sighting->failure.has_value());

    world.prober.unreachable = true;
    world.loop.pass(std::chrono::hours(1));
    REQUIRE_FALSE(world.loop.run(prober.probe(endpoint, Offer::anything)).has_value());
    CHECK(sighting->failure.has_value());
    CHECK(sighting->seen == today);
    CHECK(sighting->served == bundle_of(1).leaf);
}

}  // namespace
}  // namespace certferry
