// SPDX-License-Identifier: MIT
#include "rotate/cleanup.hpp"

#include "rotate/rotation_world.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace tests;
using namespace std::chrono_literals;
using Ids = std::vector<std::string>;

// Two renewals lie behind: 4b9fc92b, which the user had uploaded, then new00001, then new00002.
struct RenewedTwice : RotationWorld {
    RenewedTwice() {
        target.cleanup_after = 14 * 24h;
        REQUIRE(attempt(bundle_of(1)));
        REQUIRE(attempt(bundle_of(2)));
        cloud.calls.clear();
    }

    Result<std::optional<WallTime>> clean() {
        RotationPorts needed = ports();
        return loop.run(clean_up(needed, target));
    }

    bool holds(const char* id) const { return cloud.certificates.contains(CertificateId(id)); }
};

TEST_CASE("a superseded id is muted at once, and removed when its time has come") {
    RenewedTwice world;
    const auto next = world.clean();
    REQUIRE(next.has_value());
    CHECK(*next > world.loop.now() + 13 * 24h);
    CHECK(world.cloud.muted == std::set{CertificateId("new00001")});
    CHECK(world.cloud.calls.empty());

    world.loop.pass(15 * 24h);
    CHECK_FALSE(world.clean().value().has_value());
    CHECK(world.cloud.calls == Ids{"remove new00001"});
    CHECK(world.holds("4b9fc92b"));
    CHECK(world.holds("new00002"));
    REQUIRE(world.clean().has_value());
    CHECK_MESSAGE(world.cloud.calls.size() == 1, "once is enough");
}

TEST_CASE("an id that is bound anywhere stays, and goes when that has ended") {
    RenewedTwice world;
    world.loop.pass(15 * 24h);
    world.cloud.bind("lb-9", "lbl-9", CertificateId("new00001"));
    REQUIRE(world.clean().has_value());
    CHECK(world.holds("new00001"));
    CHECK(world.cloud.calls.empty());

    world.cloud.bound.erase(Place{"lb-9", "lbl-9", ""});
    REQUIRE(world.clean().has_value());
    CHECK_FALSE(world.holds("new00001"));
}

TEST_CASE("an id that is the head again stays") {
    RenewedTwice world;
    world.target.gate.allow_older = true;
    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(world.succession().back() == "new00001");
    world.loop.pass(15 * 24h);
    REQUIRE(world.clean().has_value());
    CHECK(world.holds("new00001"));
    CHECK_FALSE(world.holds("new00002"));
}

TEST_CASE("what somebody else has deleted is no failure") {
    RenewedTwice world;
    world.loop.pass(15 * 24h);
    world.cloud.certificates.erase(CertificateId("new00001"));
    REQUIRE(world.clean().has_value());
    world.cloud.calls.clear();
    REQUIRE(world.clean().has_value());
    CHECK(world.cloud.calls.empty());
}

TEST_CASE("a failed removal is tried again") {
    RenewedTwice world;
    world.loop.pass(15 * 24h);
    world.cloud.faults["remove"] = {Fault::refused};
    CHECK_FALSE(world.clean().has_value());
    REQUIRE(world.clean().has_value());
    CHECK_FALSE(world.holds("new00001"));
}

TEST_CASE("an id that another has bound still gets its mails") {
    RenewedTwice world;
    world.cloud.bind("lb-9", "lbl-9", CertificateId("new00001"));
    REQUIRE(world.clean().has_value());
    CHECK(world.cloud.muted.empty());
}

TEST_CASE("one id that cannot be retired does not keep the others") {
    RenewedTwice world;
    REQUIRE(world.attempt(bundle_of(3)));
    world.loop.pass(15 * 24h);
    world.cloud.faults["mute"] = {Fault::refused, Fault::refused};
    world.cloud.faults["remove"] = {Fault::refused};
    CHECK_FALSE(world.clean().has_value());
    CHECK(world.holds("new00001"));
    CHECK_FALSE(world.holds("new00002"));
}

}  // namespace
}  // namespace certferry
