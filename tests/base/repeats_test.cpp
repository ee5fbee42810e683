// SPDX-License-Identifier: MIT
#include "base/repeats.hpp"

#include <vector>

#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace std::chrono_literals;

TEST_CASE("the same again is said at growing intervals, with a count of what was left out") {
    Repeats repeats;
    std::vector<std::pair<int, unsigned>> said;
    for (int second = 0; second < 200; ++second)
        if (const auto left_out = repeats.say("no route", SteadyTime(std::chrono::seconds(second))))
            said.emplace_back(second, *left_out);
    CHECK(said == std::vector<std::pair<int, unsigned>>{{0, 0}, {10, 9}, {30, 19}, {70, 39}, {150, 79}});
}

TEST_CASE("the intervals stop growing at six hours") {
    Repeats repeats;
    SteadyTime last{};
    Duration longest{};
    for (SteadyTime now{}; now < SteadyTime(30 * 24h); now += 1min) {
        if (!repeats.say("no route", now)) continue;
        longest = std::max(longest, now - last);
        last = now;
    }
    CHECK(longest == 6h);
}

TEST_CASE("what differs is said at once, and so is what comes again after it was over") {
    Repeats repeats;
    const SteadyTime now{};
    CHECK(repeats.say("no route", now) == 0);
    CHECK(repeats.say("no route", now) == std::nullopt);
    CHECK(repeats.say("refused", now) == 0);
    CHECK(repeats.say("no route", now) == 0);
    repeats.over();
    CHECK(repeats.say("no route", now) == 0);
}

}  // namespace
}  // namespace certferry
