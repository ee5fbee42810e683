// SPDX-License-Identifier: MIT
#include "rotate/retry.hpp"

#include <algorithm>

namespace certferry {
namespace {

using namespace std::chrono_literals;

// Another change on the same load balancer takes seconds (reference: tencent-cloud-api §6.1).
constexpr Backoff busy_backoff{.initial = 2s, .max = busy_wait_max, .multiplier = 1.5};

Duration wait_after(const Error& error, unsigned failures, const Backoff& backoff, double chance) {
    switch (error.error_class()) {
        case ErrorClass::busy:
            return backoff_delay(busy_backoff, failures, chance);
        case ErrorClass::credentials:
            return backoff.max;
        default:
            return backoff_delay(backoff, failures, chance);
    }
}

PauseKind kind_after(const Error& error) {
    switch (error.error_class()) {
        case ErrorClass::refused:
            return PauseKind::held;
        case ErrorClass::permanent:
            return PauseKind::rejected;
        default:
            return PauseKind::waiting;
    }
}

}  // namespace

Backoff hastened(const Backoff& backoff, Duration left) {
    constexpr Duration least = 1min;  // each attempt is a line of the journal
    Backoff hasty = backoff;
    hasty.max = std::min(backoff.max, std::max(least, Duration(left / 20)));
    hasty.initial = std::min(backoff.initial, hasty.max);
    return hasty;
}

Pause pause_after(const Error& error, unsigned failures, const Backoff& backoff, WallTime now,
                  double chance) {
    Pause pause;
    pause.kind = kind_after(error);
    pause.reason = error.label();
    pause.detail = describe(error);
    if (pause.kind == PauseKind::waiting)
        pause.next_attempt = now + wait_after(error, failures, backoff, chance);
    return pause;
}

}  // namespace certferry
