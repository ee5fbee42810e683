// SPDX-License-Identifier: MIT
#include "rate_limits.hpp"

#include <doctest/doctest.h>

namespace certferry::sandbox {
namespace {

SteadyTime at(int ms) {
    return SteadyTime(Duration(1'000'000 + ms));
}

int admitted(RateLimits& limits, int calls, int ms) {
    int count = 0;
    for (int i = 0; i < calls; ++i) count += limits.admit("A", 10, at(ms)) ? 1 : 0;
    return count;
}

TEST_CASE("a second's worth of calls may come at once, and no more") {
    RateLimits limits;
    CHECK(admitted(limits, 15, 0) == 10);
    CHECK(limits.refused().at("A") == 5);
}

TEST_CASE("what was used up comes back with time, up to a second's worth") {
    RateLimits limits;
    CHECK(admitted(limits, 10, 0) == 10);
    CHECK(admitted(limits, 1, 99) == 0);
    CHECK(admitted(limits, 2, 100) == 1);
    CHECK(admitted(limits, 20, 350) == 2);
    CHECK(admitted(limits, 20, 60'000) == 10);
}

TEST_CASE("one action's calls do not count against another") {
    RateLimits limits;
    CHECK(admitted(limits, 11, 0) == 10);
    CHECK(limits.admit("B", 10, at(0)));
}

TEST_CASE("without a limit all calls are served") {
    RateLimits limits;
    for (int i = 0; i < 1000; ++i) CHECK(limits.admit("A", 0, at(0)));
}

}  // namespace
}  // namespace certferry::sandbox
