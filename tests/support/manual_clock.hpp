// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"

#include <algorithm>

namespace certferry::tests {

/// Both times are what the test says; sleeping moves both forward and never waits.
class ManualClock final : public Clock {
public:
    explicit ManualClock(WallTime now) : now_(now) {}

    WallTime now() const override { return now_; }
    SteadyTime steady_now() const override { return steady_; }

    Awaitable<void> sleep_until(SteadyTime deadline) override {
        advance(std::max(deadline - steady_, Duration::zero()));
        co_return;
    }

    void advance(Duration duration) {
        now_ += duration;
        steady_ += duration;
    }
    /// The calendar alone jumps.
    void set_now(WallTime now) { now_ = now; }

private:
    WallTime now_;
    SteadyTime steady_;
};

}  // namespace certferry::tests
