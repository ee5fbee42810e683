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

// A second target, on a listener of its own, whose certificate has become that of the first.
struct SharedWorld : RotationWorld {
    SharedWorld() {
        cloud.bind("lb-2", "lbl-9", cloud.add("5h0p0000", bundle_of(0).leaf));
        shop.key.configured_id = CertificateId("5h0p0000");
    }

    Result<void> attempt_both(const Bundle& bundle) {
        const Result<void> first = attempt(bundle);
        if (!first) return first;
        std::swap(target, shop);
        const Result<void> second = attempt(bundle);
        std::swap(target, shop);
        return second;
    }

    Result<void> roll_back_shop() {
        RotationPorts all = ports();
        return loop.run(roll_back_by_hand(all, shop));
    }

    Target shop = target;
};

TEST_CASE("targets that have come to share an id go back each to its own") {
    SharedWorld world;
    REQUIRE(world.attempt_both(bundle_of(1)));
    REQUIRE(world.bound_ids() == Ids{"new00001", "new00001", "new00001"});
    REQUIRE(roll_back(world));
    CHECK(world.bound_ids() == Ids{"4b9fc92b", "4b9fc92b", "new00001"});
    REQUIRE(world.roll_back_shop());
    CHECK(world.bound_ids() == Ids{"4b9fc92b", "4b9fc92b", "5h0p0000"});
}

TEST_CASE("a target that another's way back has taken along is back") {
    SharedWorld world;
    REQUIRE(world.attempt_both(bundle_of(1)));
    REQUIRE(world.attempt_both(bundle_of(2)));
    REQUIRE(roll_back(world));
    CHECK(world.bound_ids() == Ids{"new00001", "new00001", "new00001"});
    const auto calls = world.cloud.calls;
    REQUIRE(world.roll_back_shop());
    CHECK(world.cloud.calls == calls);
    CHECK(world.journal.ids(world.shop.key) == Ids{"5h0p0000", "new00001", "new00002", "new00001"});
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

// One renewal lies behind; then somebody has bound a certificate of their own at the console.
struct TakenWorld : RotationWorld {
    TakenWorld() { REQUIRE(attempt(bundle_of(1))); }

    void bind_theirs() {
        for (auto& [place, bound] : cloud.bound) bound = theirs;
    }

    Result<void> adopt() {
        RotationPorts all = ports();
        return loop.run(adopt_by_hand(all, target, theirs));
    }

    CertificateId add_theirs() {
        CertificateId id = cloud.add("theirs", bundle_of(1).leaf);
        cloud.certificates.at(id).certificate.fingerprint = Fingerprint("bought");
        return id;
    }

    CertificateId theirs = add_theirs();
};

TEST_CASE("an id that is adopted is the one that is replaced") {
    TakenWorld world;
    world.bind_theirs();
    REQUIRE(world.adopt());
    REQUIRE(world.attempt(bundle_of(2)));
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001", "theirs", "new00002"});
    CHECK(world.bound_ids() == Ids{"new00002", "new00002"});
}

TEST_CASE("a renewal that is held because somebody has bound another id goes on once that is adopted") {
    TakenWorld world;
    world.bind_theirs();
    REQUIRE(world.attempt(bundle_of(2)).error().code() == Errc::head_stale);
    REQUIRE(world.adopt());
    REQUIRE(world.attempt(bundle_of(2)));
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001", "theirs", "new00002"});
    CHECK(world.bound_ids() == Ids{"new00002", "new00002"});
}

TEST_CASE("an id is not adopted") {
    TakenWorld world;
    SUBCASE("that no load balancer uses") {
        const Error error = world.adopt().error();
        CHECK(error.code() == Errc::declined);
        CHECK_MESSAGE(error.message().find("no load balancer uses theirs") != std::string::npos,
                      error.message());
    }
    SUBCASE("that the account does not have") {
        world.cloud.certificates.erase(world.theirs);
        CHECK(world.adopt().error().code() == Errc::api_not_found);
    }
    SUBCASE("in the middle of a replacement") {
        world.cloud.faults["replace"] = {Fault::lost_before};
        REQUIRE_FALSE(world.attempt(bundle_of(2)));
        world.bind_theirs();
        CHECK(world.adopt().error().code() == Errc::declined);
    }
    SUBCASE("after a way back, which only a renewal or a person ends") {
        REQUIRE(roll_back(world));
        CHECK(world.adopt().error().code() == Errc::declined);
    }
    CHECK(world.succession().back() != "theirs");
}

}  // namespace
}  // namespace certferry
