// SPDX-License-Identifier: MIT
#include "rotate/rotate.hpp"

#include "rotate/rotation_world.hpp"

#include <utility>

#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace tests;
using Ids = std::vector<std::string>;

Errc failure_of(const Result<void>& attempted) {
    REQUIRE_FALSE(attempted.has_value());
    return attempted.error().code();
}

TEST_CASE("a new bundle is uploaded, replaces the old id, and the succession grows") {
    RotationWorld world;
    REQUIRE(world.attempt(bundle_of(1)));

    CHECK(world.cloud.calls == Ids{"upload certferry-www-generation1f", "replace 4b9fc92b new00001"});
    CHECK(world.bound_ids() == Ids{"new00001", "new00001"});
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
}

TEST_CASE("the second renewal names the id of the first as old") {
    RotationWorld world;
    REQUIRE(world.attempt(bundle_of(1)));
    REQUIRE(world.attempt(bundle_of(2)));

    CHECK(world.cloud.calls.back() == "replace new00001 new00002");
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001", "new00002"});
}

TEST_CASE("the same bundle again is no work") {
    RotationWorld world;
    REQUIRE(world.attempt(bundle_of(1)));
    const auto calls = world.cloud.calls;
    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(world.cloud.calls == calls);
}

TEST_CASE("a configured id that is the bundle already is done without a change") {
    RotationWorld world;
    REQUIRE(world.attempt(bundle_of(0)));
    CHECK(world.cloud.calls.empty());
    CHECK(world.succession() == Ids{"4b9fc92b"});
}

TEST_CASE("a bundle that the account holds already is not uploaded again") {
    RotationWorld world;
    world.cloud.add("uploaded", bundle_of(1).leaf);
    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(world.cloud.calls == Ids{"replace 4b9fc92b uploaded"});
    CHECK(world.succession() == Ids{"4b9fc92b", "uploaded"});
}

TEST_CASE("what was uploaded for another mapping is not uploaded again, as long as the account has it") {
    RotationWorld world;
    REQUIRE(world.attempt(bundle_of(1)));
    const CertificateId uploaded = world.cloud.bound.begin()->second;
    world.target.mapping = MappingName("shop");
    world.target.key.configured_id = world.cloud.add("5h0p0000", bundle_of(0).leaf);
    world.cloud.bind("lb-2", "lbl-1", world.target.key.configured_id);
    SUBCASE("it has") {
        REQUIRE(world.attempt(bundle_of(1)));
        CHECK(world.succession() == Ids{"5h0p0000", uploaded.str()});
        CHECK(world.cloud.certificates.size() == 3);
    }
    SUBCASE("somebody has deleted it") {
        world.cloud.certificates.erase(uploaded);
        REQUIRE(world.attempt(bundle_of(1)));
        CHECK(world.succession() == Ids{"5h0p0000", "new00002"});
    }
}

TEST_CASE("a bundle that is bound somewhere else is not taken for deployed") {
    RotationWorld world;
    world.cloud.bound.clear();
    world.cloud.bind("lb-9", "lbl-9", world.cloud.add("uploaded", bundle_of(1).leaf));
    CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::unbound);
    world.cloud.bind("lb-1", "lbl-1", CertificateId("4b9fc92b"));
    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(world.bound_ids() == Ids{"uploaded", "uploaded"});
}

TEST_CASE("an inline delivery is one call, and the new id is found by its name") {
    RotationWorld world;
    world.target.deliver = config::Deliver::content;
    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(world.cloud.calls == Ids{"replace 4b9fc92b certferry-www-generation1f-1"});
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
}

TEST_CASE("an inline delivery whose answer was lost is read back, not sent again") {
    RotationWorld world;
    world.target.deliver = config::Deliver::content;
    world.cloud.faults["replace"] = {Fault::lost_after};
    CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::answer_lost);
    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(world.cloud.calls.size() == 1);
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
}

TEST_CASE("an inline delivery whose certificate is not listed") {
    RotationWorld world;
    world.target.deliver = config::Deliver::content;
    world.cloud.unlisted = true;
    SUBCASE("is found where it has come to") {
        CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::not_proven);
        REQUIRE(world.attempt(bundle_of(1)));
        CHECK(world.cloud.moves.size() == 1);
        CHECK(world.bound_ids() == Ids{"new00001", "new00001"});
    }
    SUBCASE("is not taken for what somebody has bound in its place") {
        world.cloud.faults["replace"] = {Fault::no_effect};
        CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::not_proven);
        const CertificateId theirs = world.cloud.add("by-hand", bundle_of(1).leaf);
        world.cloud.bind("lb-1", "lbl-1", theirs);
        REQUIRE(world.attempt(bundle_of(1)));
        CHECK(world.bound_ids() == Ids{"by-hand", "by-hand"});
        CHECK_FALSE(world.journal.rotations(world.target.key, 1)->front().uploaded);
    }
    SUBCASE("is sent again when it has come nowhere") {
        world.cloud.faults["replace"] = {Fault::no_effect};
        CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::not_proven);
        world.cloud.unlisted = false;
        REQUIRE(world.attempt(bundle_of(1)));
        CHECK(world.bound_ids() == Ids{"new00001", "new00001"});
    }
    SUBCASE("does not keep a newer bundle out when a listener is gone") {
        world.cloud.faults["replace"] = {Fault::lost_before};
        CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::answer_lost);
        world.cloud.bound.erase(Place{"lb-1", "lbl-2", ""});
        world.cloud.faults["bind"] = {Fault::gone};
        world.cloud.unlisted = false;
        REQUIRE(world.attempt(bundle_of(2)));
        CHECK(world.bound_ids() == Ids{"new00001"});
    }
    SUBCASE("leaves no listener without a certificate") {
        world.cloud.faults["replace"] = {Fault::lost_before};
        CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::answer_lost);
        world.cloud.bound.erase(Place{"lb-1", "lbl-2", ""});
        world.cloud.unlisted = false;
        REQUIRE(world.attempt(bundle_of(2)));
        CHECK(world.bound_ids() == Ids{"new00001", "new00001"});
    }
}

TEST_CASE("a replace whose answer was lost") {
    RotationWorld world;
    SUBCASE("is not sent again when it took effect") {
        world.cloud.faults["replace"] = {Fault::lost_after};
        CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::answer_lost);
        REQUIRE(world.attempt(bundle_of(1)));
        CHECK(world.cloud.calls.size() == 2);
    }
    SUBCASE("is sent again when it did not") {
        world.cloud.faults["replace"] = {Fault::lost_before};
        CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::answer_lost);
        REQUIRE(world.attempt(bundle_of(1)));
        CHECK(world.cloud.calls.size() == 3);
    }
    CHECK(world.cloud.moves.size() == 1);
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
}

TEST_CASE("what came of a lost replacement is what two readings in a row say") {
    RotationWorld world;
    const auto before = world.cloud.bound;
    world.cloud.faults["replace"] = {Fault::lost_after};
    CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::answer_lost);
    world.loop.pass(2 * world.target.answer_timeout);
    const auto after = std::exchange(world.cloud.bound, before);
    const SteadyTime begin = world.loop.steady_now();
    world.cloud.at = [&](const std::string&) {  // the first reading is told what was
        if (world.loop.steady_now() > begin) world.cloud.bound = after;
    };
    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(world.cloud.calls.size() == 2);
}

TEST_CASE("an upload whose answer was lost is found, not repeated") {
    RotationWorld world;
    world.cloud.faults["upload"] = {Fault::lost_after};
    CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::answer_lost);
    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(world.cloud.certificates.size() == 2);
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
}

TEST_CASE("an upload that arrives after its answer was given up is waited for, not repeated") {
    RotationWorld world;
    world.cloud.faults["upload"] = {Fault::late};
    CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::answer_lost);
    world.loop.spawn(world.come_true_in(world.target.answer_timeout));
    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(std::ranges::count(world.cloud.calls, "upload certferry-www-generation1f") == 1);
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
}

TEST_CASE("an upload that is on its way for another target is waited for, not repeated") {
    RotationWorld world;
    world.cloud.bind("lb-1", "lbl-2", world.cloud.add("sibling1", bundle_of(0).leaf));
    world.cloud.faults["upload"] = {Fault::late};
    CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::answer_lost);
    world.target.siblings = {world.target.key};
    world.target.key.configured_id = CertificateId("sibling1");
    world.loop.spawn(world.come_true_in(world.target.answer_timeout));
    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(std::ranges::count(world.cloud.calls, "upload certferry-www-generation1f") == 1);
    CHECK(world.succession() == Ids{"sibling1", "new00001"});
}

TEST_CASE("what was uploaded and is gone when it is to be bound is uploaded again") {
    RotationWorld world;
    world.cloud.faults["replace"] = {Fault::gone};
    world.cloud.at = [&](const std::string& moment) {
        if (moment == "replace" && !world.cloud.faults["replace"].empty())
            world.cloud.certificates.erase(CertificateId("new00001"));
    };
    CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::upload_gone);
    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(world.succession() == Ids{"4b9fc92b", "new00002"});
}

TEST_CASE("an upload that did not leave this machine is repeated without waiting for it") {
    RotationWorld world;
    world.cloud.faults["upload"] = {Fault::unreachable};
    CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::unreachable);
    const SteadyTime before = world.loop.steady_now();
    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(world.loop.steady_now() - before < world.target.answer_timeout);
}

TEST_CASE("a yes that changed nothing is not proven, and replaced again") {
    RotationWorld world;
    world.cloud.faults["replace"] = {Fault::no_effect};
    CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::not_proven);
    CHECK(world.succession() == Ids{"4b9fc92b"});
    CHECK(world.log.count("rotation.done") == 0);

    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
}

TEST_CASE("a split is named and healed by replacing again") {
    RotationWorld world;
    world.cloud.faults["replace"] = {Fault::first_only};
    const auto attempted = world.attempt(bundle_of(1));
    CHECK(failure_of(attempted) == Errc::split);
    CHECK(attempted.error().message() == "4b9fc92b -> new00001: lb-1/lbl-2 still has 4b9fc92b");

    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(world.bound_ids() == Ids{"new00001", "new00001"});
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
}

TEST_CASE("a listener left with neither certificate is never called done where it cannot be bound directly") {
    RotationWorld world;
    world.cloud.faults["replace"] = {Fault::drops_bindings};
    world.cloud.faults["bind"] = {Fault::unsupported};
    CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::answer_lost);
    CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::binding_lost);
    CHECK(world.succession() == Ids{"4b9fc92b"});
}

TEST_CASE("an old id that is bound nowhere is nothing to replace") {
    RotationWorld world;
    world.cloud.bound.clear();
    CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::unbound);
    CHECK(world.cloud.calls == Ids{"upload certferry-www-generation1f"});
}

TEST_CASE("an old id that the account does not have is rejected") {
    RotationWorld world;
    world.cloud.certificates.clear();
    CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::api_not_found);
    CHECK(world.cloud.calls.empty());
}

TEST_CASE("what the gate refuses is held, and nothing is sent") {
    RotationWorld world;
    CHECK(failure_of(world.attempt(bundle_of(-1))) == Errc::older_than_deployed);
    CHECK(failure_of(world.attempt(bundle_of(-1))) == Errc::older_than_deployed);
    CHECK(world.cloud.calls.empty());
    CHECK_MESSAGE(world.log.count("rotation.held") == 2, "each start says so once");

    SUBCASE("until a better bundle comes") {
        REQUIRE(world.attempt(bundle_of(1)));
        CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
    }
}

TEST_CASE("a newer bundle waits for a replacement that may have happened") {
    RotationWorld world;
    SUBCASE("and follows it when it had") {
        world.cloud.faults["replace"] = {Fault::lost_after};
        CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::answer_lost);
        REQUIRE(world.attempt(bundle_of(2)));
        CHECK(world.succession() == Ids{"4b9fc92b", "new00001", "new00002"});
    }
    SUBCASE("and takes its place when it had not") {
        world.cloud.faults["replace"] = {Fault::lost_before};
        CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::answer_lost);
        REQUIRE(world.attempt(bundle_of(2)));
        CHECK(world.succession() == Ids{"4b9fc92b", "new00002"});
    }
    SUBCASE("also after an inline delivery, whose new id was not told") {
        world.target.deliver = config::Deliver::content;
        world.cloud.faults["replace"] = {Fault::lost_after};
        CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::answer_lost);
        REQUIRE(world.attempt(bundle_of(2)));
        CHECK(world.succession() == Ids{"4b9fc92b", "new00001", "new00002"});
    }
    CHECK(world.bound_ids() == Ids{"new00002", "new00002"});
}

TEST_CASE("a replace that was plainly refused leaves the way free for a newer bundle") {
    RotationWorld world;
    world.cloud.faults["replace"] = {Fault::busy};
    CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::api_busy);
    // Meanwhile somebody takes a listener away.
    world.cloud.bound.erase(std::prev(world.cloud.bound.end()));
    REQUIRE(world.attempt(bundle_of(2)));
    CHECK(world.succession() == Ids{"4b9fc92b", "new00002"});
    CHECK(world.bound_ids() == Ids{"new00002"});
}

TEST_CASE("what another target of the same id has moved first is not rejected") {
    RotationWorld world;
    world.cloud.faults["replace"] = {Fault::gone};
    const auto move = [&](const std::string& listener) {
        world.cloud.bind("lb-1", listener, CertificateId("new00001"));
    };
    SUBCASE("all of it: nothing is left to do") {
        world.cloud.at = [&](const std::string& moment) {
            if (moment == "replace") move("lbl-1"), move("lbl-2");
        };
        REQUIRE(world.attempt(bundle_of(1)));
    }
    SUBCASE("some of it: the rest follows") {
        world.cloud.at = [&](const std::string& moment) {
            if (moment == "replace") move("lbl-1");
        };
        CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::split);
        CHECK(world.journal.rotations(world.target.key, 1)->front().pause->kind == PauseKind::waiting);
        REQUIRE(world.attempt(bundle_of(1)));
    }
    CHECK(world.bound_ids() == Ids{"new00001", "new00001"});
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
}

TEST_CASE("a replacement that comes true late is not overtaken") {
    RotationWorld world;
    world.cloud.faults["replace"] = {Fault::late};
    CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::answer_lost);
    world.loop.spawn(world.come_true_in(std::chrono::seconds(20)));
    REQUIRE(world.attempt(bundle_of(2)));
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001", "new00002"});
    CHECK(world.bound_ids() == Ids{"new00002", "new00002"});
}

TEST_CASE("a split whose bundle is gone is healed, then the newer bundle follows") {
    RotationWorld world;
    world.cloud.faults["replace"] = {Fault::first_only};
    CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::split);
    REQUIRE(world.attempt(bundle_of(2)));
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001", "new00002"});
    CHECK(world.bound_ids() == Ids{"new00002", "new00002"});
}

TEST_CASE("what breaks while a split is healed is mended, too") {
    RotationWorld world;
    world.cloud.faults["replace"] = {Fault::first_only, Fault::drops_quietly};
    CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::split);
    world.cloud.bind("lb-2", "lbl-1", CertificateId("4b9fc92b"));  // one more comes to the old id
    SUBCASE("for the same bundle") {
        REQUIRE(world.attempt(bundle_of(1)));
        CHECK(world.bound_ids() == Ids{"new00001", "new00001", "new00001"});
    }
    SUBCASE("for a newer bundle that follows") {
        REQUIRE(world.attempt(bundle_of(2)));
        CHECK(world.bound_ids() == Ids{"new00002", "new00002", "new00002"});
    }
    CHECK(world.log.count("rotation.settled_in_part") == 0);
}

TEST_CASE("a listener that was left behind until its certificate had expired comes along with the next") {
    RotationWorld world;
    world.cloud.faults["replace"] = {Fault::first_only};
    CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::split);
    world.cloud.bind("lb-2", "lbl-1", CertificateId("4b9fc92b"));  // and one more comes to the old id
    world.loop.pass(std::chrono::days(70));                        // bundle 1 is valid for 61 of them
    REQUIRE(world.attempt(bundle_of(60)));
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001", "new00002"});
    CHECK(world.bound_ids() == Ids{"new00002", "new00002", "new00002"});
}

TEST_CASE("a listener that was taken elsewhere does not keep newer bundles out") {
    RotationWorld world;
    world.cloud.faults["replace"] = {Fault::lost_after};
    CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::answer_lost);
    world.cloud.bind("lb-1", "lbl-2", CertificateId("another"));
    REQUIRE(world.attempt(bundle_of(1)));
    REQUIRE(world.attempt(bundle_of(2)));
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001", "new00002"});
    CHECK(world.bound_ids() == Ids{"new00002", "another"});
}

TEST_CASE("what cannot be told apart from an outage does not keep newer bundles out") {
    RotationWorld world;
    world.cloud.faults["replace"] = {Fault::lost_after};
    CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::answer_lost);
    world.cloud.bound.erase(Place{"lb-1", "lbl-2", ""});
    world.cloud.faults["bind"] = std::deque<Fault>(2, Fault::unsupported);
    CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::binding_lost);
    REQUIRE(world.attempt(bundle_of(2)));
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001", "new00002"});
    CHECK(world.log.count("rotation.settled_in_part") == 1);
}

TEST_CASE("a listener that came to the old id meanwhile is replaced, too") {
    RotationWorld world;
    world.cloud.faults["replace"] = {Fault::lost_after};
    CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::answer_lost);
    world.cloud.bind("lb-2", "lbl-1", CertificateId("4b9fc92b"));
    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(world.bound_ids() == Ids{"new00001", "new00001", "new00001"});
}

TEST_CASE("without the proof by bindings an answer that was lost is still read back") {
    RotationWorld world;
    world.target.verify.bindings = false;
    world.target.verify.endpoint = {{"www.example.com", 443, std::nullopt}};
    world.prober.served = bundle_of(1).leaf;
    world.cloud.faults["replace"] = {Fault::lost_after};
    CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::answer_lost);
    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(world.cloud.calls.size() == 2);
}

TEST_CASE("an endpoint must serve the new leaf before it is done") {
    RotationWorld world;
    world.target.verify.endpoint = {{"www.example.com", 443, std::nullopt}};
    world.prober.served = bundle_of(0).leaf;
    CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::served_other);
    CHECK(world.succession() == Ids{"4b9fc92b"});

    world.prober.served = bundle_of(1).leaf;
    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(world.cloud.moves.size() == 1);
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
}

TEST_CASE("a listener with two kinds of certificates is asked as a client of each kind") {
    RotationWorld world;
    const Place place{"lb-1", "lbl-1", ""};
    Binding dual;
    dual.place = place;
    dual.beside = {CertificateId("rsa")};
    world.cloud.modes[place] = dual;
    world.target.verify.endpoint = {{"www.example.com", 443, std::nullopt}};
    world.prober.served = bundle_of(-5).leaf;
    world.prober.served_as_ecdsa = bundle_of(1).leaf;
    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
}

TEST_CASE("without a durable intent nothing that changes is called") {
    RotationWorld world;
    for (const char* write : {"begin", "learn_head", "uploading", "replacing"}) {
        CAPTURE(write);
        const auto calls = world.cloud.calls;
        world.journal.before_write = [&](std::string_view kind) -> Result<void> {
            if (kind == write) return Error(Errc::journal_unwritable, "disk full");
            return {};
        };
        CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::journal_unwritable);
        if (std::string(write) != "replacing") CHECK(world.cloud.calls == calls);
        CHECK(world.cloud.moves.empty());
    }
}

TEST_CASE("when the daemon stops, no further change is begun") {
    RotationWorld world;
    world.cloud.at = [&](const std::string& moment) {
        if (moment == "upload done") world.stopping = true;
    };
    CHECK(failure_of(world.attempt(bundle_of(1))) == Errc::interrupted);
    CHECK(world.cloud.moves.empty());

    world.stopping = false;
    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(world.cloud.certificates.size() == 2);
}

TEST_CASE("a no that came after a part was done is read back, and keeps what was known of the bindings") {
    RotationWorld world;
    world.cloud.faults["replace"] = {Fault::first_then_busy};
    CHECK_FALSE(world.attempt(bundle_of(1)).has_value());
    const auto open = world.journal.open_rotation(world.target.key);
    CHECK((*open)->stage == Stage::replacing);
    CHECK((*open)->bindings.size() == 2);
    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(world.bound_ids() == Ids{"new00001", "new00001"});
}

}  // namespace
}  // namespace certferry
