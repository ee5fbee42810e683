// SPDX-License-Identifier: MIT
#include "watch/settle.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace std::chrono_literals;

constexpr SteadyTime start{1h};

config::Settle times(Duration min, Duration max) {
    config::Settle settle;
    settle.min = min;
    settle.max = max;
    return settle;
}

TEST_CASE("without a hint there is nothing to look at") {
    CHECK_FALSE(Settle(times(1s, 30s)).due().has_value());
}

TEST_CASE("a look waits for quiet after the last change") {
    Settle settle(times(1s, 30s));
    settle.hint(start);
    CHECK(settle.due() == start + 1s);
    settle.hint(start + 700ms);
    CHECK(settle.due() == start + 1700ms);
}

TEST_CASE("a directory that is never quiet is looked at after the maximum") {
    Settle settle(times(1s, 30s));
    for (auto now = start; now <= start + 29900ms; now += 100ms) settle.hint(now);
    CHECK(settle.due() == start + 30s);
}

TEST_CASE("after a look the next change starts a new wait") {
    Settle settle(times(1s, 30s));
    settle.hint(start);
    settle.looked();
    CHECK_FALSE(settle.due().has_value());
    settle.hint(start + 40s);
    CHECK(settle.due() == start + 41s);
}

TEST_CASE("a maximum below the quiet time wins") {
    Settle settle(times(5s, 2s));
    settle.hint(start);
    CHECK(settle.due() == start + 2s);
}

}  // namespace
}  // namespace certferry
