// SPDX-License-Identifier: MIT
#include "cloud/circuit_breaker.hpp"

#include "support/manual_clock.hpp"
#include "support/test_certificates.hpp"

#include <vector>

#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace tests;
using namespace std::chrono_literals;

struct Endpoint {
    void goes_down() {
        for (unsigned failures = 0; failures < CircuitBreaker::unanswered_max; ++failures)
            went_down = breaker.unanswered(why);
    }

    ManualClock clock{test_now};
    CircuitBreaker breaker{clock};
    Error why{Errc::unreachable, "lb.example.com: Connection refused"};
    bool went_down = false;
};

TEST_CASE("an endpoint counts as down after five exchanges in a row without an answer") {
    Endpoint endpoint;
    for (int failures = 0; failures < 4; ++failures) CHECK(!endpoint.breaker.unanswered(endpoint.why));
    endpoint.breaker.answered();
    for (int failures = 0; failures < 4; ++failures) CHECK(!endpoint.breaker.unanswered(endpoint.why));
    CHECK(endpoint.breaker.lets_through());
    CHECK(endpoint.breaker.unanswered(endpoint.why));
    CHECK(!endpoint.breaker.lets_through());
    CHECK(!endpoint.breaker.unanswered(endpoint.why));  // it went down before
}

TEST_CASE("an endpoint that is down is tried once an interval, and the interval doubles up to a minute") {
    Endpoint endpoint;
    endpoint.goes_down();
    CHECK(endpoint.went_down);

    std::vector<std::chrono::seconds> tried;
    for (auto passed = 0s; passed <= 250s; ++passed, endpoint.clock.advance(1s))
        if (endpoint.breaker.lets_through()) tried.push_back(passed);
    CHECK(tried == std::vector{1s, 3s, 7s, 15s, 31s, 63s, 123s, 183s, 243s});
}

TEST_CASE("one answer ends it, and the next time begins with a short interval again") {
    Endpoint endpoint;
    endpoint.goes_down();
    endpoint.clock.advance(10min);
    CHECK(endpoint.breaker.lets_through());
    endpoint.breaker.answered();
    CHECK(endpoint.breaker.lets_through());

    endpoint.goes_down();
    CHECK(!endpoint.breaker.lets_through());
    endpoint.clock.advance(1s);
    CHECK(endpoint.breaker.lets_through());
}

TEST_CASE("who is turned away hears since when there is no answer, why, and when it is tried next") {
    Endpoint endpoint;
    endpoint.breaker.unanswered(endpoint.why);
    endpoint.clock.advance(30s);
    endpoint.goes_down();
    const Error refusal = endpoint.breaker.refusal();
    CHECK(refusal.code() == Errc::unreachable);
    CHECK(refusal.message() == "the API has not answered since " + to_utc(test_now) +
                                   " (lb.example.com: Connection refused); it is tried next at " +
                                   to_utc(test_now + 31s));
}

}  // namespace
}  // namespace certferry
