// SPDX-License-Identifier: MIT
#include "rotate/by_hand.hpp"

#include "rotate/rotation_world.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace tests;
using Ids = std::vector<std::string>;

Result<void> roll_back(RotationWorld& world) {
    RotationPorts ports = world.ports();
    return world.loop.run(roll_back_by_hand(ports, world.target));
}

TEST_CASE("a target goes back to the id before wherever the newer one is bound") {
    RotationWorld world;
    REQUIRE(world.attempt(bundle_of(1)));
    REQUIRE(roll_back(world));
    CHECK(world.bound_ids() == Ids{"4b9fc92b", "4b9fc92b"});
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001", "4b9fc92b"});
}

TEST_CASE("a way back that was cut off is finished by the next attempt") {
    RotationWorld world;
    REQUIRE(world.attempt(bundle_of(1)));
    world.cloud.faults["replace"] = {Fault::lost_before};
    CHECK(roll_back(world).error().code() == Errc::answer_lost);
    CHECK(world.bound_ids() == Ids{"new00001", "new00001"});
    CHECK(world.attempt(bundle_of(1)).error().code() == Errc::rolled_back);
    CHECK(world.bound_ids() == Ids{"4b9fc92b", "4b9fc92b"});
}

TEST_CASE("there is no way back") {
    RotationWorld world;
    SUBCASE("from the first id") {
        CHECK(roll_back(world).error().code() == Errc::declined);
    }
    SUBCASE("to one that has expired") {
        REQUIRE(world.attempt(bundle_of(1)));
        world.loop.set_wall(bundle_of(0).leaf.not_after);
        const Error error = roll_back(world).error();
        CHECK(error.code() == Errc::declined);
        CHECK_MESSAGE(error.message().find("has expired") != std::string::npos, error.message());
    }
    SUBCASE("to one that is gone") {
        REQUIRE(world.attempt(bundle_of(1)));
        world.cloud.certificates.erase(CertificateId("4b9fc92b"));
        CHECK(roll_back(world).error().code() == Errc::api_not_found);
    }
    SUBCASE("in the middle of a rotation") {
        world.cloud.faults["replace"] = {Fault::busy};
        REQUIRE_FALSE(world.attempt(bundle_of(1)));
        CHECK(roll_back(world).error().code() == Errc::declined);
    }
    CHECK(world.succession().size() <= 2);
}

}  // namespace
}  // namespace certferry
