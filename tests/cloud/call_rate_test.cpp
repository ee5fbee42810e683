// SPDX-License-Identifier: MIT
#include "cloud/call_rate.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace std::chrono_literals;

constexpr SteadyTime start{1h};

TEST_CASE("calls of one action are evenly apart, and the first waits for nothing") {
    CallRate rate(10);
    CHECK(rate.next() <= start);
    rate.take(start);
    CHECK(rate.next() == start + 100ms);
    rate.take(start + 10min);  // a pause saves nothing up
    CHECK(rate.next() == start + 10min + 100ms);
}

TEST_CASE("a rate that whole milliseconds cannot say is rounded down") {
    CallRate rate(3);
    rate.take(start);
    CHECK(rate.next() == start + 334ms);
}

TEST_CASE("a refusal halves the rate after a second of rest, and answers raise it to what is configured") {
    CallRate rate(10);
    rate.take(start);
    rate.throttled(start, start + 30ms);
    CHECK(rate.per_second() == doctest::Approx(5));
    CHECK(rate.next() == start + 1030ms);
    rate.take(rate.next());
    CHECK(rate.next() == start + 1230ms);

    rate.answered();
    CHECK(rate.per_second() > 5);
    CHECK(rate.per_second() < 5.1);
    for (int answers = 0; answers < 1000; ++answers) rate.answered();
    CHECK(rate.per_second() == doctest::Approx(10));
}

TEST_CASE("refusals of calls that were on their way together halve the rate once") {
    CallRate rate(10);
    for (const Duration sent : {0ms, 100ms, 200ms}) rate.take(start + sent);
    for (const Duration sent : {0ms, 100ms, 200ms}) rate.throttled(start + sent, start + sent + 250ms);
    CHECK(rate.per_second() == doctest::Approx(5));
    rate.throttled(start + 1250ms, start + 1300ms);
    CHECK(rate.per_second() == doctest::Approx(2.5));
}

TEST_CASE("no number of refusals stops an action for good") {
    CallRate rate(10);
    SteadyTime now = start;
    for (int refusals = 0; refusals < 100; ++refusals) {
        rate.take(now);
        rate.throttled(now, now);
        now = rate.next();
    }
    CHECK(rate.per_second() == doctest::Approx(CallRate::slowest));
    rate.take(now);
    CHECK(rate.next() == now + 2s);
}

}  // namespace
}  // namespace certferry
