// SPDX-License-Identifier: MIT
#include "rotate/stale_head.hpp"

#include "rotate/rotation_world.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace tests;
using Ids = std::vector<std::string>;

// One renewal lies behind: the head is new00001, on both listeners. Then somebody acts at the console.
struct RenewedWorld : RotationWorld {
    RenewedWorld() { REQUIRE(attempt(bundle_of(1))); }

    Rotation rotation(const Bundle& bundle) {
        for (const Rotation& rotation : journal.rotations(target.key, 10).value())
            if (rotation.bundle.fingerprint == bundle.leaf.fingerprint) return rotation;
        FAIL("no rotation to that bundle");
        return {};
    }

    void bind_everywhere(const CertificateId& id) {
        for (auto& [place, bound] : cloud.bound) bound = id;
    }

    void bind_a_bought_certificate() {
        const CertificateId theirs = cloud.add("theirs", bundle_of(0).leaf);
        cloud.certificates.at(theirs).certificate.fingerprint = Fingerprint("bought");
        bind_everywhere(theirs);
    }

    Errc failure(const Bundle& bundle) {
        const Result<void> attempted = attempt(bundle);
        REQUIRE_FALSE(attempted.has_value());
        return attempted.error().code();
    }
};

TEST_CASE("a certificate that somebody else has bound is never replaced") {
    RenewedWorld world;
    world.bind_a_bought_certificate();

    CHECK(world.failure(bundle_of(2)) == Errc::head_stale);
    CHECK(world.bound_ids() == Ids{"theirs", "theirs"});
    CHECK(world.cloud.moves.size() == 1);
    CHECK(world.log.last("rotation.held").find("theirs (www.example.com, until") != std::string::npos);
}

TEST_CASE("an id of the succession that somebody went back to is followed, and replaced") {
    RenewedWorld world;
    world.bind_everywhere(CertificateId("4b9fc92b"));
    REQUIRE(world.attempt(bundle_of(2)));
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001", "4b9fc92b", "new00002"});
    CHECK(world.bound_ids() == Ids{"new00002", "new00002"});
}

TEST_CASE("the bundle itself, uploaded and bound by hand, is what was wanted") {
    RenewedWorld world;
    world.bind_everywhere(world.cloud.add("by-hand", bundle_of(2).leaf));
    REQUIRE(world.attempt(bundle_of(2)));
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001", "by-hand"});
    CHECK(world.cloud.moves.size() == 1);
}

TEST_CASE("what somebody has uploaded is not taken for an upload of the rotation") {
    RenewedWorld world;
    world.bind_a_bought_certificate();
    REQUIRE(world.failure(bundle_of(2)) == Errc::head_stale);
    REQUIRE(world.rotation(bundle_of(2)).new_id == CertificateId("new00002"));
    REQUIRE(world.rotation(bundle_of(2)).uploaded);

    world.bind_everywhere(world.cloud.add("by-hand", bundle_of(2).leaf));
    REQUIRE(world.attempt(bundle_of(2)));
    CHECK(world.rotation(bundle_of(2)).new_id == CertificateId("by-hand"));
    CHECK_FALSE_MESSAGE(world.rotation(bundle_of(2)).uploaded, "or cleaning up would delete it one day");
}

TEST_CASE("places that another target is moving are waited for, though a stranger's certificate is at one") {
    RenewedWorld world;
    world.bind_a_bought_certificate();
    world.cloud.bound.erase(Place{"lb-1", "lbl-2", ""});
    Rotation other = world.of_sibling(bundle_of(2), Stage::replacing);
    other.bindings = world.rotation(bundle_of(1)).bindings;
    REQUIRE(world.journal.begin(other).has_value());
    CHECK(world.failure(bundle_of(2)) == Errc::head_stale);
    world.target.siblings = {other.target};
    CHECK(world.failure(bundle_of(2)) == Errc::unbound);
}

TEST_CASE("what another target of the mapping has bound in the place of the head is followed, and replaced") {
    RenewedWorld world;
    const CertificateId brought = world.cloud.add("brought1", bundle_of(2).leaf);
    world.bind_everywhere(brought);
    Rotation other = world.of_sibling(bundle_of(2), Stage::planned);
    other.new_id = brought;
    REQUIRE(world.journal.begin(other).has_value());

    SUBCASE("since it is the mapping's own") {
        world.target.siblings = {other.target};
        REQUIRE(world.attempt(bundle_of(3)));
        CHECK(world.succession() == Ids{"4b9fc92b", "new00001", "brought1", "new00002"});
    }
    SUBCASE("not where that one is none of this mapping") {
        CHECK(world.failure(bundle_of(3)) == Errc::head_stale);
    }
    SUBCASE("not where that one is of another account") {
        other.target.account = AccountName("another");
        world.target.siblings = {other.target};
        CHECK(world.failure(bundle_of(3)) == Errc::head_stale);
    }
}

TEST_CASE("where the new id is already, for another target, the rotation looks after it as well") {
    RenewedWorld world;
    world.cloud.faults["replace"] = {Fault::busy};
    CHECK(world.failure(bundle_of(2)) == Errc::api_busy);
    world.cloud.bind("lb-1", "lbl-2", CertificateId("new00002"));
    REQUIRE(world.attempt(bundle_of(2)));
    CHECK(world.rotation(bundle_of(2)).bindings.size() == 2);
}

TEST_CASE("a place that another target is moving is looked after as well") {
    RenewedWorld world;
    world.cloud.faults["replace"] = {Fault::busy};
    CHECK(world.failure(bundle_of(2)) == Errc::api_busy);
    Rotation other = world.of_sibling(bundle_of(2), Stage::replacing);
    other.bindings = world.rotation(bundle_of(1)).bindings;
    REQUIRE(world.journal.begin(other).has_value());
    world.target.siblings = {other.target};
    world.cloud.bound.erase(Place{"lb-1", "lbl-2", ""});
    world.cloud.at = [&](const std::string& moment) {
        if (moment == "replace done") world.cloud.bind("lb-1", "lbl-2", CertificateId("new00002"));
    };
    REQUIRE(world.attempt(bundle_of(2)));
    CHECK(world.rotation(bundle_of(2)).bindings.size() == 2);
}

TEST_CASE("a certificate of ours that somebody has bound, and that ends later, stays") {
    RenewedWorld world;
    world.cloud.faults["replace"] = {Fault::busy};
    CHECK(world.failure(bundle_of(3)) == Errc::api_busy);
    world.cloud.bind("lb-1", "lbl-2", CertificateId("new00002"));
    REQUIRE(world.attempt(bundle_of(2)));
    CHECK(world.bound_ids() == Ids{"new00003", "new00002"});
    CHECK(world.log.last("rotation.place_left").find("which ends later") != std::string::npos);
}

TEST_CASE("a listener that somebody takes while a rotation is under way ends the search there") {
    RenewedWorld world;
    const CertificateId theirs = world.cloud.add("theirs", bundle_of(0).leaf);
    world.cloud.certificates.at(theirs).certificate.fingerprint = Fingerprint("bought");
    world.cloud.faults["replace"] = {Fault::lost_before};
    CHECK(world.failure(bundle_of(2)) == Errc::answer_lost);
    world.bind_everywhere(theirs);
    CHECK(world.failure(bundle_of(2)) == Errc::head_stale);
    CHECK(world.bound_ids() == Ids{"theirs", "theirs"});
}

TEST_CASE("a bundle that is bound in the place of the head already is no work") {
    RenewedWorld world;
    world.cloud.faults["replace"] = {Fault::busy};
    CHECK(world.failure(bundle_of(2)) == Errc::api_busy);
    world.bind_everywhere(CertificateId("new00002"));
    REQUIRE(world.attempt(bundle_of(2)));
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001", "new00002"});
    CHECK(world.cloud.moves.size() == 1);
}

TEST_CASE("a head that is bound nowhere, and nothing where it was, is nothing to replace") {
    RenewedWorld world;
    world.cloud.bound.clear();
    CHECK(world.failure(bundle_of(2)) == Errc::unbound);
}

TEST_CASE("a replacement that came true after its rotation was given up is followed") {
    RenewedWorld world;
    world.cloud.faults["replace"] = {Fault::late};
    CHECK(world.failure(bundle_of(2)) == Errc::answer_lost);
    // A newer bundle comes, nothing has moved yet, and so the rotation to the one before is over.
    world.cloud.faults["replace"] = {Fault::refused};
    CHECK(world.failure(bundle_of(3)) == Errc::api_internal);
    world.cloud.come_true();
    REQUIRE(world.attempt(bundle_of(4)));
    CHECK(world.bound_ids().front() == world.succession().back());
    CHECK(world.cloud.certificates.at(CertificateId(world.succession().back())).certificate ==
          bundle_of(4).leaf);
}

TEST_CASE("a listener that somebody put back to an earlier id gets the new one with the others") {
    RenewedWorld world;
    world.cloud.bind("lb-1", "lbl-2", CertificateId("4b9fc92b"));
    REQUIRE(world.attempt(bundle_of(2)));
    CHECK(world.bound_ids() == Ids{"new00002", "new00002"});
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001", "new00002"});
    CHECK(world.cloud.calls.back() == "bind lbl-2 new00002");
}

TEST_CASE("a listener that somebody gave another certificate stays so, and is named") {
    RenewedWorld world;
    const CertificateId theirs = world.cloud.add("theirs", bundle_of(0).leaf);
    world.cloud.certificates.at(theirs).certificate.fingerprint = Fingerprint("bought");
    world.cloud.bind("lb-1", "lbl-2", theirs);
    REQUIRE(world.attempt(bundle_of(2)));
    CHECK(world.bound_ids() == Ids{"new00002", "theirs"});
    CHECK(world.log.last("rotation.place_left").find("lb-1/lbl-2 has theirs") != std::string::npos);
}

// What a person or the daemon does about a head that was found stale: prove it anew.
struct ProvenAnew : RenewedWorld {
    ProvenAnew() {
        theirs = cloud.add("theirs", bundle_of(0).leaf);
        cloud.certificates.at(theirs).certificate.fingerprint = Fingerprint("bought");
    }

    bool stale() {
        RotationPorts all = ports();
        const Result<bool> found = loop.run(head_is_stale(all, target.key));
        REQUIRE(found.has_value());
        return *found;
    }

    CertificateId theirs;
};

TEST_CASE("a head that is where it was is not stale, and one that has lost a place is") {
    ProvenAnew world;
    CHECK_FALSE(world.stale());
    world.cloud.bind("lb-1", "lbl-3", CertificateId("new00001"));
    CHECK_FALSE(world.stale());
    world.cloud.bind("lb-1", "lbl-2", world.theirs);
    CHECK(world.stale());
}

TEST_CASE("without a renewal, the head comes back where an earlier id has taken its place") {
    ProvenAnew world;
    SUBCASE("at one listener") {
        world.cloud.bind("lb-1", "lbl-2", CertificateId("4b9fc92b"));
        REQUIRE(world.attempt(bundle_of(1), Anew::yes));
        CHECK(world.cloud.calls.back() == "bind lbl-2 new00001");
        CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
    }
    SUBCASE("everywhere") {
        world.bind_everywhere(CertificateId("4b9fc92b"));
        REQUIRE(world.attempt(bundle_of(1), Anew::yes));
        CHECK(world.cloud.calls.back() == "replace 4b9fc92b new00001");
        CHECK(world.succession() == Ids{"4b9fc92b", "new00001", "4b9fc92b", "new00001"});
    }
    CHECK(world.bound_ids() == Ids{"new00001", "new00001"});
    CHECK(world.cloud.certificates.size() == 3);
    CHECK_FALSE(world.stale());
}

TEST_CASE("without a renewal, a certificate of somebody else stays and is named") {
    ProvenAnew world;
    SUBCASE("at one listener, which is no longer expected") {
        world.cloud.bind("lb-1", "lbl-2", world.theirs);
        REQUIRE(world.attempt(bundle_of(1), Anew::yes));
        CHECK(world.bound_ids() == Ids{"new00001", "theirs"});
        CHECK(world.log.count("rotation.place_left") == 1);
        CHECK_FALSE(world.stale());
    }
    SUBCASE("everywhere, until it is taken away") {
        world.bind_everywhere(world.theirs);
        const Result<void> proven = world.attempt(bundle_of(1), Anew::yes);
        REQUIRE_FALSE(proven.has_value());
        CHECK(proven.error().code() == Errc::head_stale);
        CHECK(world.bound_ids() == Ids{"theirs", "theirs"});
        world.bind_everywhere(CertificateId("new00001"));
        REQUIRE(world.attempt(bundle_of(1)));
    }
    CHECK(world.cloud.moves.size() == 1);
}

TEST_CASE("a crash while the head comes back is read back") {
    ProvenAnew world;
    world.cloud.bind("lb-1", "lbl-2", CertificateId("4b9fc92b"));
    world.cloud.faults["bind"] = {Fault::lost_after};
    CHECK_FALSE(world.attempt(bundle_of(1), Anew::yes).has_value());
    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(world.cloud.calls.back() == "bind lbl-2 new00001");
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
}

}  // namespace
}  // namespace certferry
