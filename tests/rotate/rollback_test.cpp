// SPDX-License-Identifier: MIT
#include "rotate/rollback.hpp"

#include "rotate/rotation_world.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace tests;
using Ids = std::vector<std::string>;

// An endpoint that goes on serving what was there before, whatever is bound.
struct StubbornWorld : RotationWorld {
    StubbornWorld() {
        target.verify.endpoint = {{"www.example.com", 443, std::nullopt}};
        target.verify.on_failure = config::OnFailure::rollback;
        prober.served = bundle_of(0).leaf;
    }

    Errc failure(const Bundle& bundle) {
        const Result<void> attempted = attempt(bundle);
        REQUIRE_FALSE(attempted.has_value());
        return attempted.error().code();
    }
};

TEST_CASE("a certificate that an endpoint does not serve is taken back, and the target is held") {
    StubbornWorld world;
    CHECK(world.failure(bundle_of(1)) == Errc::rolled_back);
    CHECK(world.bound_ids() == Ids{"4b9fc92b", "4b9fc92b"});
    CHECK(world.succession() == Ids{"4b9fc92b"});
    CHECK(world.log.count("rotation.held") == 1);

    const auto calls = world.cloud.calls;
    const Error held = world.attempt(bundle_of(1)).error();
    CHECK(held.code() == Errc::rolled_back);
    CHECK(held.message() == "rolled back (new00001 -> 4b9fc92b, since an endpoint serves something else)");
    CHECK_MESSAGE(world.cloud.calls == calls, "the same bundle is not tried again");

    world.prober.served = bundle_of(2).leaf;
    REQUIRE(world.attempt(bundle_of(2)));
    CHECK(world.succession() == Ids{"4b9fc92b", "new00002"});
}

TEST_CASE("a way back whose answer was lost is read back") {
    StubbornWorld world;
    world.cloud.at = [&](const std::string& moment) {
        if (moment == "replace done") world.cloud.faults["replace"] = {Fault::lost_after};
    };
    CHECK(world.failure(bundle_of(1)) == Errc::answer_lost);
    const auto calls = world.cloud.calls;
    CHECK(world.failure(bundle_of(1)) == Errc::rolled_back);
    CHECK(world.cloud.calls == calls);
    CHECK(world.bound_ids() == Ids{"4b9fc92b", "4b9fc92b"});
}

TEST_CASE("a way back takes the place of no certificate that ends later") {
    StubbornWorld world;
    world.cloud.at = [&](const std::string& moment) {
        if (moment == "replace done") world.cloud.faults["replace"] = {Fault::lost_after};
    };
    CHECK(world.failure(bundle_of(1)) == Errc::answer_lost);
    world.cloud.bind("lb-1", "lbl-2", world.cloud.add("between1", bundle_of(1).leaf));
    CHECK(world.failure(bundle_of(1)) == Errc::rolled_back);
    CHECK(world.bound_ids() == Ids{"4b9fc92b", "between1"});
}

TEST_CASE("a newer bundle first ends a way back that is under way") {
    StubbornWorld world;
    world.cloud.at = [&](const std::string& moment) {
        if (moment == "replace done") world.cloud.faults["replace"] = {Fault::lost_before};
    };
    CHECK(world.failure(bundle_of(1)) == Errc::answer_lost);
    world.cloud.at = [](const std::string&) {};
    world.prober.served = bundle_of(2).leaf;
    REQUIRE(world.attempt(bundle_of(2)));
    CHECK(world.succession() == Ids{"4b9fc92b", "new00002"});
    CHECK(world.bound_ids() == Ids{"new00002", "new00002"});
}

TEST_CASE("there is no way back to a certificate that has expired") {
    StubbornWorld world;
    world.loop.set_wall(bundle_of(0).leaf.not_after + std::chrono::hours(1));
    world.prober.served = bundle_of(0).leaf;
    CHECK(world.failure(bundle_of(1)) == Errc::served_other);
    CHECK(world.bound_ids() == Ids{"new00001", "new00001"});
}

TEST_CASE("an endpoint that another target may serve takes nothing back before that one has moved") {
    StubbornWorld world;
    Rotation other = world.of_sibling(bundle_of(1), Stage::planned);
    world.target.siblings = {other.target};
    other = world.journal.begin(other).value();
    CHECK(world.failure(bundle_of(1)) == Errc::served_other);
    CHECK(world.bound_ids() == Ids{"new00001", "new00001"});

    SUBCASE("which it never will") {
        other.pause = Pause{PauseKind::rejected, "api_invalid", "no", {}};
        REQUIRE(world.journal.record(other, "no"));
    }
    SUBCASE("which it has not in an hour") {
        world.loop.set_wall(world.loop.now() + std::chrono::hours(1));
    }
    SUBCASE("which it has, and was not proven either") {
        other.stage = Stage::verifying;
        REQUIRE(world.journal.record(other, "the API said yes"));
        CHECK(world.failure(bundle_of(1)) == Errc::served_other);
        other.pause = Pause{PauseKind::waiting, "served_other", "something else is served", {}};
        REQUIRE(world.journal.record(other, "something else is served"));
    }
    CHECK(world.failure(bundle_of(1)) == Errc::rolled_back);
}

TEST_CASE(
    "an endpoint that another target may serve takes nothing back before that one comes to this bundle") {
    StubbornWorld world;
    Rotation other = world.of_sibling(bundle_of(0), Stage::verifying);
    other.new_id = CertificateId("sibling2");
    other.pause = Pause{PauseKind::waiting, "served_other", "something else is served", {}};
    world.target.siblings = {other.target};
    other = world.journal.begin(other).value();
    CHECK(world.failure(bundle_of(1)) == Errc::served_other);
    other.stage = Stage::done;
    other.pause.reset();
    REQUIRE(world.journal.conclude(other, "proven"));
    CHECK(world.failure(bundle_of(1)) == Errc::rolled_back);
}

TEST_CASE("an endpoint that cannot be reached takes nothing back") {
    StubbornWorld world;
    world.prober.unreachable = true;
    CHECK(world.failure(bundle_of(1)) == Errc::unreachable);
    CHECK(world.bound_ids() == Ids{"new00001", "new00001"});
}

TEST_CASE("a way back leaves the new certificate where others have it") {
    StubbornWorld world;
    world.cloud.at = [&](const std::string& moment) {
        if (moment == "replace done") world.cloud.bind("lb-9", "lbl-9", CertificateId("new00001"));
    };
    CHECK(world.failure(bundle_of(1)) == Errc::rolled_back);
    CHECK(world.bound_ids() == Ids{"4b9fc92b", "4b9fc92b", "new00001"});
    CHECK(Ids(world.cloud.calls.begin() + 2, world.cloud.calls.end()) ==
          Ids{"bind lbl-1 4b9fc92b", "bind lbl-2 4b9fc92b"});
}

TEST_CASE("where others have it and listeners cannot be bound one by one, there is no way back") {
    StubbornWorld world;
    world.cloud.at = [&](const std::string& moment) {
        if (moment == "replace done") world.cloud.bind("lb-9", "lbl-9", CertificateId("new00001"));
    };
    world.cloud.faults["bind"] = {Fault::unsupported, Fault::unsupported};
    CHECK(world.failure(bundle_of(1)) == Errc::api_unsupported);
    CHECK(world.bound_ids() == Ids{"new00001", "new00001", "new00001"});

    // A newer bundle goes on from what is bound.
    world.cloud.at = [](const std::string&) {};
    world.cloud.faults["bind"] = {Fault::unsupported, Fault::unsupported};
    world.prober.served = bundle_of(2).leaf;
    REQUIRE(world.attempt(bundle_of(2)));
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001", "new00002"});
}

TEST_CASE("a way back that breaks a listener is mended on the way") {
    StubbornWorld world;
    world.cloud.at = [&](const std::string& moment) {
        if (moment == "replace done") world.cloud.faults["replace"] = {Fault::drops_quietly};
    };
    CHECK(world.failure(bundle_of(1)) == Errc::rolled_back);
    CHECK(world.bound_ids() == Ids{"4b9fc92b", "4b9fc92b"});
    CHECK(world.cloud.calls.back() == "bind lbl-2 4b9fc92b");
}

TEST_CASE("a way back that could not be mended at once is mended the next time") {
    StubbornWorld world;
    world.cloud.at = [&](const std::string& moment) {
        if (moment == "replace done") world.cloud.faults["replace"] = {Fault::drops_quietly};
    };
    world.cloud.faults["bind"] = {Fault::refused, Fault::refused};
    CHECK(world.failure(bundle_of(1)) == Errc::api_internal);
    world.cloud.at = [](const std::string&) {};
    CHECK(world.failure(bundle_of(1)) == Errc::rolled_back);
    CHECK(world.bound_ids() == Ids{"4b9fc92b", "4b9fc92b"});
}

}  // namespace
}  // namespace certferry
