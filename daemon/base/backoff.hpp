// SPDX-License-Identifier: MIT
#pragma once

#include "base/time.hpp"

namespace certferry {

/// How the time between attempts grows.
struct Backoff {
    Duration initial = std::chrono::seconds(2);
    Duration max = std::chrono::minutes(15);
    double multiplier = 2.0;

    friend bool operator==(const Backoff&, const Backoff&) = default;
};

/// The wait before the next attempt, full jitter: evenly between 0 and min(max, initial *
/// multiplier^(failures-1)). `failures` >= 1 is how many attempts have failed in a row; `chance` is in [0,
/// 1).
Duration backoff_delay(const Backoff& backoff, unsigned failures, double chance);

}  // namespace certferry
