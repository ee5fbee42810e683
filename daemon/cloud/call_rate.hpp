// SPDX-License-Identifier: MIT
#pragma once

#include "base/time.hpp"

namespace certferry {

/// How often one action is called: one call each 1/rate, which is a token bucket that holds a single token.
/// One is enough: no second then holds more calls than the rate, in whatever way the server counts its
/// seconds, and a call after a pause is free at once. The limits are per action and second (reference:
/// tencent-cloud-api §2.3, §2.4), and not documented for API 2.0 (§1.6), so the rate adapts: a refusal halves
/// it, each answer raises it a little, never above what is configured.
class CallRate {
public:
    /// The rate never falls below this, in calls per second.
    static constexpr double slowest = 0.5;

    /// `per_second` is the configured rate, not below `slowest`.
    explicit CallRate(double per_second) : configured_(per_second), per_second_(per_second) {}

    double per_second() const { return per_second_; }
    /// Whether the server lets much less pass than is configured.
    bool throttled() const { return per_second_ <= configured_ / 4; }
    /// The next call may begin at this moment or later. Never less than a millisecond apart.
    SteadyTime next() const { return next_; }

    /// A call begins.
    void take(SteadyTime now);
    void answered();
    /// The server refused, for its rate, the call that began at `taken`. Calls that were on their way when
    /// the rate was halved do not halve it again: they tell nothing of the lower one.
    void throttled(SteadyTime taken, SteadyTime now);

private:
    double configured_;
    double per_second_;
    SteadyTime next_ = SteadyTime::min();
    SteadyTime slowed_ = SteadyTime::min();
};

}  // namespace certferry
