// SPDX-License-Identifier: MIT
#include "rotate/retry.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace std::chrono_literals;

constexpr Backoff backoff{.initial = 2s, .max = 15min, .multiplier = 2.0};
constexpr WallTime now{};
constexpr double almost_one = 0.999999;

Duration wait(Errc code, unsigned failures, double chance) {
    const Pause pause = pause_after(Error(code, "why"), failures, backoff, now, chance);
    REQUIRE(pause.kind == PauseKind::waiting);
    return pause.next_attempt - now;
}

TEST_CASE("a transient failure waits with full jitter, doubling up to the cap") {
    CHECK(wait(Errc::unreachable, 1, 0.0) == 0s);
    CHECK(wait(Errc::unreachable, 1, 0.5) == 1s);
    CHECK(wait(Errc::unreachable, 3, 0.5) == 4s);
    CHECK(wait(Errc::unreachable, 100, 0.5) == 7min + 30s);
}

TEST_CASE("a busy load balancer is tried again within seconds, however often") {
    CHECK(wait(Errc::api_busy, 50, almost_one) <= 30s);
}

TEST_CASE("the longest wait shrinks as the served certificate nears its end") {
    CHECK(hastened(backoff, 30 * 24h).max == 15min);
    CHECK(hastened(backoff, 1h).max == 3min);
    CHECK(hastened(backoff, 1min).max == 1min);
    CHECK(hastened(backoff, -1h).max == 1min);
    CHECK(hastened(Backoff{.initial = 1h, .max = 2h, .multiplier = 2.0}, 1h).initial == 3min);
    CHECK(hastened(Backoff{.initial = 1s, .max = 5s, .multiplier = 2.0}, 1h).max == 5s);
}

TEST_CASE("refused credentials are tried again as seldom as anything is") {
    CHECK(wait(Errc::api_credentials, 1, 0.0) == 15min);
}

TEST_CASE("a refusal of the gate is held, a permanent error is rejected, with the words for people") {
    CHECK(pause_after(Error(Errc::expired, "x"), 1, backoff, now, 0).kind == PauseKind::held);

    ApiAnswer answer{"5000", "no such certificate", RequestId("r-1")};
    const Error error = Error(Errc::api_not_found, "ReplaceCert").with_api(answer);
    const Pause pause = pause_after(error, 1, backoff, now, 0);
    CHECK(pause.kind == PauseKind::rejected);
    CHECK(pause.reason == "api_not_found");
    CHECK(pause.detail ==
          "ReplaceCert [API code 5000: no such certificate] [RequestId r-1]. "
          "Check old_cert_id and account of the mapping against the console");
}

}  // namespace
}  // namespace certferry
