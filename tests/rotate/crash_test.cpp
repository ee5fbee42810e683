// SPDX-License-Identifier: MIT
// Every moment of a rotation is tried as the one at which the daemon dies: before and after each call to the
// cloud, and before and after each write of the journal.
#include "rotate/rotation_world.hpp"

#include <set>

#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace tests;
using Ids = std::vector<std::string>;

struct Crash {};

// Counts moments, and dies at the chosen one; only once.
class Fate {
public:
    explicit Fate(int moment) : moments_left_(moment) {}

    void moment() {
        if (moments_left_-- == 0) throw Crash{};
    }
    bool met() const { return moments_left_ < 0; }

private:
    int moments_left_;
};

// Attempts until one succeeds, as a restarted daemon does; the first of them may die.
void attempt_until_done(RotationWorld& world, const Bundle& bundle) {
    for (int attempt = 0; attempt < 5; ++attempt) {
        try {
            if (world.attempt(bundle)) return;
        } catch (const Crash&) {
        }
    }
    FAIL("not done after five attempts");
}

void check_the_truth(RotationWorld& world, const Ids& succession) {
    CHECK(world.succession() == succession);
    CHECK(world.bound_ids() == Ids{succession.back(), succession.back()});
    CHECK(world.cloud.moves.size() == succession.size() - 1);
    CHECK(world.cloud.certificates.size() == succession.size());
}

int die_at_every_moment(config::Deliver deliver) {
    for (int moment = 0;; ++moment) {
        CAPTURE(moment);
        RotationWorld world;
        world.target.deliver = deliver;
        Fate fate(moment);
        world.cloud.at = [&](const std::string&) { fate.moment(); };
        world.journal.before_write = [&](std::string_view) {
            fate.moment();
            return Result<void>();
        };
        attempt_until_done(world, bundle_of(1));
        attempt_until_done(world, bundle_of(2));
        check_the_truth(world, {"4b9fc92b", "new00001", "new00002"});
        if (!fate.met()) return moment;
    }
}

// Every listener loses its certificate in the first replacement, and is bound directly.
TEST_CASE("a crash at any moment of mending leaves no listener without a certificate") {
    for (int moment = 0;; ++moment) {
        CAPTURE(moment);
        RotationWorld world;
        world.cloud.faults["replace"] = {Fault::drops_quietly};
        Fate fate(moment);
        world.cloud.at = [&](const std::string&) { fate.moment(); };
        world.journal.before_write = [&](std::string_view) {
            fate.moment();
            return Result<void>();
        };
        attempt_until_done(world, bundle_of(1));
        CHECK(world.succession() == Ids{"4b9fc92b", "new00001"});
        CHECK(world.bound_ids() == Ids{"new00001", "new00001"});
        if (!fate.met()) break;
    }
}

TEST_CASE("after a crash at any moment there is one effective replacement and a right succession") {
    SUBCASE("by id") {
        CHECK(die_at_every_moment(config::Deliver::id) > 20);
    }
    SUBCASE("by content") {
        CHECK(die_at_every_moment(config::Deliver::content) > 15);
    }
}

}  // namespace
}  // namespace certferry
