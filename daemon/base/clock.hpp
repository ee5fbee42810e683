// SPDX-License-Identifier: MIT
#pragma once

#include "base/async.hpp"
#include "base/time.hpp"

namespace certferry {

/// Port: time. The daemon's is asio_clock; tests and the simulation turn theirs by hand.
class Clock {
public:
    virtual ~Clock() = default;

    virtual WallTime now() const = 0;
    virtual SteadyTime steady_now() const = 0;

    /// Returns at `deadline` or, when the awaiting coroutine is cancelled, at once; never throws for that.
    virtual Awaitable<void> sleep_until(SteadyTime deadline) = 0;
};

}  // namespace certferry
