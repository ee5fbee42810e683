// SPDX-License-Identifier: MIT
#include "rotate/pursuit.hpp"

#include "rotate/rotation_world.hpp"

#include <array>
#include <functional>

#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace tests;
using namespace std::chrono_literals;
using Ids = std::vector<std::string>;

// The same value each time, as a lookout gives it as long as the files do not change.
std::shared_ptr<const FoundBundle> shared_bundle(int generation) {
    static std::map<int, std::shared_ptr<const FoundBundle>> bundles;
    auto& bundle = bundles[generation];
    if (!bundle) bundle = found(bundle_of(generation));
    return bundle;
}

// A daemon's pursuit of one target, which can be let run and looked at.
struct Running {
    explicit Running(RotationWorld& in)
        : world(in), pursuit(in.target, in.ports(), random, Trust::any(), in.loop.executor()) {}

    void want(int generation) { pursue(shared_bundle(generation)); }
    void pursue(std::shared_ptr<const FoundBundle> bundle) {
        if (pursuit.want(std::move(bundle))) world.loop.spawn(pursuit.run(Persistence::until_settled));
        world.loop.settle();
    }

    RotationWorld& world;
    SeededRandom random{7};
    Pursuit pursuit;
};

TEST_CASE("a target that fails for a while is tried again, later and later, until it succeeds") {
    RotationWorld world;
    world.cloud.faults["replace"] = std::deque<Fault>(6, Fault::refused);
    Running running(world);
    running.want(1);
    world.loop.pass(2h);
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
    CHECK(world.journal_states("waiting") == 6);
    REQUIRE(world.meter.attempts.size() == 7);
    CHECK(world.meter.attempts.front().failure.has_value());
    CHECK_FALSE(world.meter.attempts.back().failure.has_value());
    CHECK(world.meter.attempts.back().age > world.meter.attempts.front().age);
}

TEST_CASE("the log says at growing intervals that a target fails, and at once that it fails otherwise") {
    RotationWorld world;
    world.target.retry = {1s, 1min, 2.0};
    world.cloud.faults["replace"] = std::deque<Fault>(400, Fault::refused);
    Running running(world);
    running.want(1);
    world.loop.pass(1h);
    const auto said = world.log.count("rotation.waiting");
    CHECK(said >= 5);
    CHECK(said <= 10);
    CHECK(world.journal_states("waiting") > 60);
    CHECK_MESSAGE(world.log.last("rotation.waiting").find("left_out=") != std::string::npos,
                  world.log.last("rotation.waiting"));

    world.cloud.faults["replace"] = {Fault::busy};
    world.loop.pass(2min);
    CHECK(world.log.last("rotation.waiting").find("reason=api_busy") != std::string::npos);
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
}

TEST_CASE("each failure of a rotation counts, over restarts too, so that its waits grow") {
    RotationWorld world;
    world.cloud.faults["upload"] = std::deque<Fault>(3, Fault::refused);
    for (unsigned failures = 1; failures <= 3; ++failures) {
        CHECK_FALSE(world.attempt(bundle_of(1)).has_value());
        const auto open = world.journal.open_rotation(world.target.key);
        REQUIRE(open.value());
        CHECK((*open)->failures == failures);
    }
}

TEST_CASE("the log names the call that failed") {
    RotationWorld world;
    SUBCASE("an upload, when none was accepted") {
        world.cloud.faults["upload"] = {Fault::refused};
    }
    SUBCASE("a replacement") {
        world.cloud.faults["replace"] = {Fault::refused};
    }
    CHECK_FALSE(world.attempt(bundle_of(1)).has_value());
    CHECK_MESSAGE(world.log.last("rotation.waiting").find(" request_id=refused-1 ") != std::string::npos,
                  world.log.last("rotation.waiting"));
}

TEST_CASE("bundles that come during a rotation coalesce, and the newest wins") {
    RotationWorld world;
    Running running(world);
    bool came = false;
    world.cloud.at = [&](const std::string& moment) {
        if (moment != "replace" || came) return;
        came = true;
        CHECK_FALSE(running.pursuit.want(shared_bundle(2)));
        CHECK_FALSE(running.pursuit.want(shared_bundle(3)));
    };
    running.want(1);
    world.loop.pass(1min);
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001", "new00002"});
    CHECK(world.cloud.certificates.at(CertificateId("new00002")).certificate == bundle_of(3).leaf);
}

TEST_CASE("two targets in one account that want one bundle") {
    RotationWorld world;
    world.cloud.bind("lb-2", "lbl-1", world.cloud.add("77c0ffee", bundle_of(0).leaf));
    SUBCASE("share one upload") {}
    SUBCASE("find each its own entry after an inline delivery") {
        world.target.deliver = config::Deliver::content;
    }
    Running first(world);
    world.target.key.configured_id = CertificateId("77c0ffee");
    Running second(world);
    // Neither has ended its first call when the other begins.
    for (Running* each : {&first, &second})
        if (each->pursuit.want(shared_bundle(1)))
            world.loop.spawn(each->pursuit.run(Persistence::until_settled));
    world.loop.pass(1min);

    const bool inlined = world.target.deliver == config::Deliver::content;
    CHECK(world.journal.ids(first.pursuit.target().key) == Ids{"4b9fc92b", "new00001"});
    CHECK(world.succession() == Ids{"77c0ffee", inlined ? "new00002" : "new00001"});
    CHECK(world.cloud.certificates.size() == (inlined ? 4 : 3));
}

TEST_CASE("a listener that one target has bound without an answer is not bound by another meanwhile") {
    RotationWorld world;
    world.cloud.bind("lb-2", "lbl-1", world.cloud.add("77c0ffee", bundle_of(0).leaf));
    Running first(world);
    world.target.key.configured_id = CertificateId("77c0ffee");
    Running second(world);
    const auto want = [&](int generation) {
        for (Running* each : {&first, &second})
            if (each->pursuit.want(shared_bundle(generation)))
                world.loop.spawn(each->pursuit.run(Persistence::until_settled));
        world.loop.pass(1s);
    };
    want(1);
    world.loop.pass(1min);  // they share an id from now on

    world.cloud.faults = {{"replace", {Fault::lost_before, Fault::lost_before}},
                          {"bind", {Fault::lost_before}}};
    want(2);
    world.cloud.bound.clear();
    std::vector<SteadyTime> binds;
    world.cloud.at = [&](const std::string& moment) {
        if (moment == "bind") binds.push_back(world.loop.steady_now());
    };
    world.loop.pass(10min);
    CHECK(world.bound_ids() == Ids{"new00002", "new00002", "new00002"});
    REQUIRE(binds.size() == 4);
    CHECK(binds.back() - binds.front() >= world.target.answer_timeout);
}

TEST_CASE("a rotation that fails for too long is given up until a new bundle comes") {
    RotationWorld world;
    world.target.give_up = 1h;
    world.cloud.faults["replace"] = std::deque<Fault>(1000, Fault::refused);
    Running running(world);
    running.want(1);
    world.loop.pass(5h);
    CHECK(world.log.count("rotation.rejected") == 1);
    CHECK(world.log.last("rotation.rejected").find("given up after 1h") != std::string::npos);

    world.cloud.faults.clear();
    running.want(2);
    world.loop.pass(1min);
    CHECK(world.succession() == Ids{"4b9fc92b", "new00002"});
}

TEST_CASE("what the served certificate's end leaves is how urgent the calls are") {
    RotationWorld world;
    REQUIRE(world.attempt(bundle_of(1)));
    CHECK(world.cloud.urgency == WallTime(bundle_of(0).leaf.not_after));
    REQUIRE(world.attempt(bundle_of(2)));
    CHECK(world.cloud.urgency == WallTime(bundle_of(1).leaf.not_after));
}

TEST_CASE("a target that no listener has is not tried more often as its certificate expires") {
    RotationWorld world;
    world.target.retry = {1s, 10min, 2.0};
    world.cloud.bound.clear();
    world.loop.pass(60 * 24h - 1h);  // an hour before its end
    Running running(world);
    running.want(1);
    world.loop.pass(4h);
    CHECK(world.log.last("rotation.waiting").find("reason=unbound") != std::string::npos);
    CHECK(world.journal_states("waiting") < 100);
}

TEST_CASE("a newer bundle ends a wait") {
    RotationWorld world;
    world.target.retry.initial = world.target.retry.max = 24h;
    world.cloud.faults["upload"] = {Fault::refused};
    Running running(world);
    running.want(1);
    CHECK(world.log.count("rotation.waiting") == 1);
    running.want(2);
    world.loop.pass(1min);
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
}

TEST_CASE("a restart does not shorten a wait") {
    RotationWorld world;
    world.target.retry.initial = world.target.retry.max = 24h;
    world.cloud.faults["upload"] = {Fault::refused};
    {
        Running running(world);
        running.want(1);
        world.stopping = true;
        running.pursuit.interrupt();
        world.loop.settle();
        world.stopping = false;
    }
    const auto open = world.journal.open_rotation(world.target.key);
    REQUIRE(open.value());
    const WallTime next = (*open)->pause->next_attempt;
    REQUIRE(next > world.loop.now() + 1h);

    Running restarted(world);
    restarted.want(1);
    world.loop.pass(next - world.loop.now() - 1min);
    CHECK(world.cloud.calls.size() == 1);
    world.loop.pass(5min);
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
}

TEST_CASE("a wait follows the wall clock when that is set forward") {
    RotationWorld world;
    world.target.retry.initial = world.target.retry.max = 24h;
    world.cloud.faults["upload"] = {Fault::refused};
    Running running(world);
    running.want(1);
    world.loop.set_wall(world.loop.now() + 25h);
    world.loop.pass(5min);
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
}

TEST_CASE("a wait is no longer when the wall clock is set back during it") {
    RotationWorld world;
    world.target.retry.initial = 1min;
    world.target.retry.max = 24h;
    world.cloud.faults["upload"] = {Fault::refused};
    Running running(world);
    running.want(1);
    world.loop.set_wall(world.loop.now() - 2h);
    world.loop.pass(2min);
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
}

TEST_CASE("a wait that was written down under a wrong clock ends after the longest backoff") {
    RotationWorld world;
    const WallTime right = world.loop.now();
    world.loop.set_wall(right + std::chrono::days(60));
    world.cloud.faults["upload"] = {Fault::refused};
    CHECK_FALSE(world.attempt(bundle_of(1)).has_value());
    world.loop.set_wall(right);

    Running restarted(world);
    restarted.want(1);
    world.loop.pass(16min);
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
}

TEST_CASE("what was rejected is not tried again until a new bundle comes") {
    RotationWorld world;
    world.cloud.certificates.clear();
    Running running(world);
    running.want(1);
    CHECK(world.log.count("rotation.rejected") == 1);
    CHECK_FALSE(running.pursuit.want(shared_bundle(1)));

    world.cloud.add("4b9fc92b", bundle_of(0).leaf);
    running.want(2);
    world.loop.pass(1min);
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
}

TEST_CASE("what is held is looked at again each time, and said once") {
    RotationWorld world;
    Running running(world);
    running.want(-1);
    running.want(-1);
    running.want(-1);
    CHECK(world.log.count("rotation.held") == 1);

    world.target.gate.allow_older = true;
    Running reconfigured(world);
    reconfigured.want(-1);
    world.loop.pass(1min);
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
}

TEST_CASE("a journal that cannot be written to stops the target, not the pursuit") {
    RotationWorld world;
    bool full = true;
    world.journal.before_write = [&](std::string_view) -> Result<void> {
        if (full) return Error(Errc::journal_unwritable, "journal.db: disk full");
        return {};
    };
    Running running(world);
    running.want(1);
    world.loop.pass(1h);
    CHECK(world.cloud.calls.empty());
    CHECK(world.log.count("journal.failed") > 1);

    full = false;
    world.loop.pass(1h);
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
}

// Files that a test can take away, and how often they were read.
struct Files {
    std::shared_ptr<const FoundBundle> bundle(int generation) {
        const Bundle contents = bundle_of(generation);
        return std::make_shared<const FoundBundle>(
            KnownBundle{contents.leaf, Seal()}, [this, contents](const Seal&) {
                ++reads;
                return gone ? Result<Bundle>(Error(Errc::file_missing, "gone")) : Result<Bundle>(contents);
            });
    }

    int reads = 0;
    bool gone = false;
};

TEST_CASE("the files are read again when a rotation begins, and not while it waits") {
    RotationWorld world;
    Files files;
    world.cloud.faults["replace"] = std::deque<Fault>(3, Fault::refused);
    world.cloud.at = [&](const std::string& moment) { files.gone = files.gone || moment == "replace"; };
    Running running(world);
    running.pursue(files.bundle(1));
    world.loop.pass(2h);
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
    CHECK(world.journal_states("waiting") == 3);
    CHECK(files.reads == 1);
}

// An account with no room for another rotation, until it is opened.
struct Crowd {
    explicit Crowd(RotationWorld& in) : cloud(in.cloud), door(in.loop.executor()) {
        cloud.is_crowded = true;
        cloud.wait_for_room = [this] { return door.wait(); };
    }
    void leave() {
        cloud.is_crowded = false;
        door.notify();
    }

    SimulatedCloud& cloud;
    Wakeup door;
};

TEST_CASE("what there is no room for is planned, and left on disk") {
    RotationWorld world;
    Files files;
    Crowd crowd(world);
    Running running(world);
    running.pursue(files.bundle(1));
    world.loop.pass(1h);
    CHECK(world.journal_states("planned") == 1);
    CHECK(files.reads == 0);

    crowd.leave();
    world.loop.pass(1min);
    CHECK(files.reads == 1);
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
}

TEST_CASE("what was held of an older bundle is let go while a newer one waits for room") {
    RotationWorld world;
    Files files;
    world.cloud.faults["upload"] = {Fault::refused};
    Running running(world);
    const auto older = files.bundle(1);
    running.pursue(older);
    REQUIRE(files.reads == 1);
    REQUIRE(older->contents());
    REQUIRE(files.reads == 1);

    Crowd crowd(world);
    running.pursue(files.bundle(2));
    REQUIRE(older->contents());
    CHECK(files.reads == 2);
}

// Whether there is room at last, at the moment at which something else ends the wait.
constexpr std::array room_at_that_moment = {false, true};

TEST_CASE("a newer bundle takes the place of one that there was no room for") {
    for (const bool room : room_at_that_moment) {
        RotationWorld world;
        Crowd crowd(world);
        Running running(world);
        running.want(1);
        if (room) crowd.leave();
        running.want(2);
        crowd.leave();
        world.loop.pass(1min);
        CHECK(world.journal_states("superseded") == 1);
        CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
        CHECK(world.cloud.certificates.at(CertificateId("new00001")).certificate == bundle_of(2).leaf);
    }
}

TEST_CASE("a wait for room ends with the pursuit") {
    std::function<void(Running&)> end;
    SUBCASE("by another configuration") {
        end = [](Running& running) { running.pursuit.retire(); };
    }
    SUBCASE("by a person's hold") {
        end = [](Running& running) { running.pursuit.rest(); };
    }
    SUBCASE("by the daemon's end") {
        end = [](Running& running) {
            running.world.stopping = true;
            running.pursuit.interrupt();
        };
    }
    for (const bool room : room_at_that_moment) {
        RotationWorld world;
        Crowd crowd(world);
        Running running(world);
        running.want(1);
        if (room) crowd.leave();
        end(running);
        world.loop.settle();
        REQUIRE(running.pursuit.failure().has_value());
        CHECK(running.pursuit.failure()->code() == Errc::interrupted);
        crowd.leave();
        world.loop.pass(1min);
        CHECK(world.cloud.calls.empty());
        CHECK(world.meter.attempts.empty());
    }
}

TEST_CASE("what was sent already does not wait for room") {
    RotationWorld world;
    world.cloud.faults["replace"] = {Fault::lost_after};
    Running running(world);
    running.want(1);
    Crowd crowd(world);
    world.loop.pass(1h);
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
}

TEST_CASE("what is deployed is in memory no longer, and what is held is") {
    RotationWorld world;
    Files files;
    const auto bundle = files.bundle(1);
    int reads = 1;
    SUBCASE("deployed") {
        reads = 2;
    }
    SUBCASE("held") {
        world.target.gate.min_remaining = std::chrono::days(900);
    }
    Running pursuing(world);
    pursuing.pursue(bundle);
    world.loop.pass(1min);
    REQUIRE(files.reads == 1);
    REQUIRE(bundle->contents());
    CHECK(files.reads == reads);
}

TEST_CASE("what is deployed is not read again") {
    RotationWorld world;
    Files files;
    Running running(world);
    running.pursue(files.bundle(1));
    world.loop.pass(1min);
    REQUIRE(files.reads == 1);

    Running restarted(world);
    restarted.pursue(files.bundle(1));
    CHECK(files.reads == 1);
    CHECK_FALSE(restarted.pursuit.failure().has_value());
}

TEST_CASE("files that are gone when a rotation would begin: nothing is sent, and the next bundle is taken") {
    RotationWorld world;
    Files files;
    files.gone = true;
    Running running(world);
    running.pursue(files.bundle(1));
    CHECK(world.cloud.calls.empty());
    CHECK(world.log.last("bundle.unusable").find("reason=file_missing") != std::string::npos);
    CHECK(running.pursuit.due());

    files.gone = false;
    running.pursue(files.bundle(2));
    world.loop.pass(1min);
    CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
}

}  // namespace
}  // namespace certferry
