// SPDX-License-Identifier: MIT
#include "rotate/heal.hpp"

#include "rotate/rotation_world.hpp"

#include <algorithm>
#include <deque>

#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace tests;
using Ids = std::vector<std::string>;

TEST_CASE("listeners that a replacement left without a certificate are bound directly, in the same attempt") {
    RotationWorld world;
    world.cloud.faults["replace"] = {Fault::drops_quietly};
    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(world.bound_ids() == Ids{"new00001", "new00001"});
    CHECK(world.cloud.calls == Ids{"upload certferry-www-generation1f", "replace 4b9fc92b new00001",
                                   "bind lbl-1 new00001", "bind lbl-2 new00001"});
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
    CHECK(world.log.count("rotation.bound_directly") == 2);
}

TEST_CASE("an outage after a crash is mended before anything else") {
    RotationWorld world;
    world.cloud.bind("lb-2", "lbl-3", CertificateId("4b9fc92b"));
    world.cloud.faults["replace"] = {Fault::lost_before};
    CHECK_FALSE(world.attempt(bundle_of(1)).has_value());
    world.cloud.bound.erase(Place{"lb-1", "lbl-2", ""});

    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(Ids(world.cloud.calls.begin() + 2, world.cloud.calls.end()) ==
          Ids{"bind lbl-2 new00001", "replace 4b9fc92b new00001"});
    CHECK(world.bound_ids() == Ids{"new00001", "new00001", "new00001"});
}

TEST_CASE("a listener that somebody gave another certificate meanwhile is left alone") {
    RotationWorld world;
    world.cloud.faults["replace"] = {Fault::lost_after};
    CHECK_FALSE(world.attempt(bundle_of(1)).has_value());
    world.cloud.bind("lb-1", "lbl-2", CertificateId("theirs"));

    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(world.bound_ids() == Ids{"new00001", "theirs"});
    CHECK(world.cloud.calls.size() == 2);
}

TEST_CASE("a listener that got a certificate of ours that ends later meanwhile is left alone") {
    RotationWorld world;
    world.cloud.faults["replace"] = {Fault::busy, Fault::lost_after};
    CHECK_FALSE(world.attempt(bundle_of(3)).has_value());
    CHECK_FALSE(world.attempt(bundle_of(2)).has_value());
    world.cloud.bind("lb-1", "lbl-2", CertificateId("new00001"));

    REQUIRE(world.attempt(bundle_of(2)));
    CHECK(world.bound_ids() == Ids{"new00002", "new00001"});
}

TEST_CASE("before there is a new id, a certificate of ours makes no room for the old one") {
    RotationWorld world;
    world.target.deliver = config::Deliver::content;
    world.cloud.faults["replace"] = {Fault::busy, Fault::lost_before};
    CHECK_FALSE(world.attempt(bundle_of(1)).has_value());
    CHECK_FALSE(world.attempt(bundle_of(2)).has_value());
    const CertificateId by_hand = world.cloud.add("by-hand", bundle_of(1).leaf);
    world.cloud.bind("lb-1", "lbl-2", by_hand);
    SUBCASE("at one listener") {}
    SUBCASE("at each of them") {
        world.cloud.bind("lb-1", "lbl-1", by_hand);
    }
    REQUIRE(world.attempt(bundle_of(2)));
    CHECK(world.bound_ids() == Ids{"new00001", "new00001"});
    CHECK(std::ranges::count(world.cloud.calls, "bind lbl-2 4b9fc92b") == 0);
}

TEST_CASE("a listener that another target is on its way to is bound with nothing that ends earlier") {
    RotationWorld world;
    world.cloud.faults["replace"] = {Fault::lost_after};
    CHECK_FALSE(world.attempt(bundle_of(1)).has_value());
    const Place place{"lb-1", "lbl-2", ""};
    world.cloud.bound.erase(place);

    Rotation other = world.of_sibling(bundle_of(2), Stage::replacing);
    other.bindings = world.journal.open_rotation(world.target.key).value()->bindings;
    world.target.siblings = {other.target};
    Ids bound{"new00001"};
    SUBCASE("since that one ends later") {}
    SUBCASE("though it still has what that one is to replace") {
        world.cloud.bind("lb-1", "lbl-2", world.cloud.add("between1", bundle_of(1).leaf));
        bound = {"new00001", "between1"};
    }
    SUBCASE("save where that one ends as early") {
        other.bundle = bundle_of(1).leaf;
        bound = {"new00001", "new00001"};
    }
    SUBCASE("save where that one was rolled back") {
        other.stage = Stage::rolled_back;
        bound = {"new00001", "new00001"};
    }
    SUBCASE("save where that one was rejected") {
        other.pause = Pause{PauseKind::rejected, "api_invalid", "no", {}};
        bound = {"new00001", "new00001"};
    }
    SUBCASE("save where that one has not begun to move anything") {
        other.stage = Stage::uploaded;
        bound = {"new00001", "new00001"};
    }
    SUBCASE("save where that one's listeners are others") {
        other.bindings.clear();
        bound = {"new00001", "new00001"};
    }
    SUBCASE("save where that one is of another account") {
        other.target.account = AccountName("another");
        world.target.siblings = {other.target};
        bound = {"new00001", "new00001"};
    }
    REQUIRE(world.journal.begin(other).has_value());
    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(world.bound_ids() == bound);
}

TEST_CASE("mutual TLS that a replacement switched off is switched on again") {
    RotationWorld world;
    const Place place{"lb-1", "lbl-2", ""};
    Binding mutual;
    mutual.place = place;
    mutual.region = "ap-guangzhou";
    mutual.ssl_mode = "mutual";
    mutual.client_ca = "ca1";
    world.cloud.modes[place] = mutual;
    world.cloud.faults["replace"] = {Fault::resets_mode};

    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(world.cloud.calls.back() == "bind lbl-2 new00001");
    CHECK(world.cloud.modes.at(place) == mutual);
}

TEST_CASE("mutual TLS is not switched on again with a certificate that ends earlier than what is coming") {
    RotationWorld world;
    Binding mutual;
    mutual.place = {"lb-1", "lbl-2", ""};
    mutual.region = "ap-guangzhou";
    mutual.ssl_mode = "mutual";
    mutual.client_ca = "ca1";
    world.cloud.modes[mutual.place] = mutual;
    world.cloud.faults["replace"] = {Fault::resets_mode};

    Rotation other = world.of_sibling(bundle_of(2), Stage::replacing);
    world.target.siblings = {other.target};
    std::ptrdiff_t told = 0;
    SUBCASE("which knows how it was") {
        other.bindings = {mutual};
    }
    SUBCASE("which does not: a person is asked") {
        Binding reset = mutual;
        reset.ssl_mode = "unidirectional";
        other.bindings = {reset};
        told = 1;
    }
    REQUIRE(world.journal.begin(other).has_value());
    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(std::ranges::count(world.cloud.calls, "bind lbl-2 new00001") == 0);
    CHECK(world.log.count("rotation.mode_left") == told);
}

TEST_CASE("mutual TLS that stays off is an error where the API can neither tell nor bind") {
    RotationWorld world;
    Binding mutual;
    mutual.place = {"lb-1", "lbl-2", ""};
    mutual.region = "ap-guangzhou";
    mutual.ssl_mode = "mutual";
    world.cloud.modes[mutual.place] = mutual;
    world.cloud.tells_occupants = false;
    world.cloud.faults["replace"] = {Fault::resets_mode};
    world.cloud.faults["bind"] = std::deque<Fault>(5, Fault::unsupported);
    const Result<void> attempted = world.attempt(bundle_of(1));
    REQUIRE_FALSE(attempted.has_value());
    CHECK(attempted.error().code() == Errc::binding_altered);
}

TEST_CASE("a direct binding whose answer was lost is looked at, and bound again only where it is missing") {
    RotationWorld world;
    world.cloud.faults["replace"] = {Fault::drops_quietly};
    world.cloud.faults["bind"] = {Fault::lost_after};
    CHECK_FALSE(world.attempt(bundle_of(1)).has_value());
    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(Ids(world.cloud.calls.begin() + 2, world.cloud.calls.end()) ==
          Ids{"bind lbl-1 new00001", "bind lbl-2 new00001"});
}

TEST_CASE("a listener that is gone in the midst of it is no longer expected") {
    RotationWorld world;
    world.cloud.faults["replace"] = {Fault::drops_quietly};
    world.cloud.faults["bind"] = {Fault::gone};
    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(world.cloud.calls.back() == "bind lbl-2 new00001");
    CHECK(world.log.last("rotation.place_gone").find("lb-1/lbl-1") != std::string::npos);
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
}

TEST_CASE("a certificate that is gone is not taken for listeners that are") {
    RotationWorld world;
    world.cloud.faults["replace"] = {Fault::drops_quietly};
    world.cloud.faults["bind"] = {Fault::gone, Fault::gone};
    world.cloud.at = [&](const std::string& moment) {
        if (moment == "bind") world.cloud.certificates.erase(CertificateId("new00001"));
    };
    const Result<void> attempted = world.attempt(bundle_of(1));
    REQUIRE_FALSE(attempted.has_value());
    CHECK(attempted.error().code() == Errc::api_not_found);
    CHECK(world.log.count("rotation.place_gone") == 0);
}

TEST_CASE("one listener that refuses does not keep the others without a certificate") {
    RotationWorld world;
    world.cloud.faults["replace"] = {Fault::drops_quietly};
    world.cloud.faults["bind"] = {Fault::refused};
    CHECK_FALSE(world.attempt(bundle_of(1)).has_value());
    CHECK(world.cloud.bound ==
          std::map<Place, CertificateId>{{Place{"lb-1", "lbl-2", ""}, CertificateId("new00001")}});
    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(world.bound_ids() == Ids{"new00001", "new00001"});
}

TEST_CASE("a listener that gets the certificate between two looks is still the rotation's own") {
    RotationWorld world;
    world.cloud.faults["replace"] = {Fault::drops_quietly};
    world.cloud.at = [&](const std::string& moment) {
        if (moment == "occupants") world.cloud.bind("lb-1", "lbl-1", CertificateId("new00001"));
    };
    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(world.cloud.calls.back() == "bind lbl-2 new00001");
    const auto last = world.journal.rotations(world.target.key, 1);
    CHECK(last->front().bindings.size() == 2);
}

TEST_CASE("a listener that is empty for a moment only is left alone") {
    RotationWorld world;
    world.cloud.faults["replace"] = {Fault::drops_quietly};
    int looks = 0;
    world.cloud.at = [&](const std::string& moment) {
        if (moment == "occupants" && ++looks == 2)
            world.cloud.bind("lb-1", "lbl-1", CertificateId("another"));
    };
    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(world.bound_ids() == Ids{"another", "new00001"});
}

TEST_CASE("an outage that has outlasted its certificate does not keep a newer bundle out") {
    RotationWorld world;
    world.cloud.faults["replace"] = {Fault::drops_quietly};
    world.cloud.faults["bind"] = {Fault::refused, Fault::refused};
    CHECK_FALSE(world.attempt(bundle_of(1)).has_value());
    REQUIRE(world.bound_ids().empty());
    world.loop.pass(std::chrono::days(70));  // bundle 1 is valid for 61 of them
    REQUIRE(world.attempt(bundle_of(60)));
    CHECK(world.bound_ids() == Ids{"new00002", "new00002"});
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001", "new00002"});
}

TEST_CASE("a listener that is gone does not keep a newer bundle out") {
    RotationWorld world;
    world.cloud.faults["replace"] = {Fault::drops_bindings};
    CHECK_FALSE(world.attempt(bundle_of(1)).has_value());
    world.cloud.faults["bind"] = {Fault::gone};
    REQUIRE(world.attempt(bundle_of(2)));
    CHECK(world.bound_ids() == Ids{"new00002"});
}

}  // namespace
}  // namespace certferry
