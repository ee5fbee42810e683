// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"

namespace certferry {

/// The real clock; sleeping is an Asio timer on the executor of the coroutine that sleeps.
class AsioClock final : public Clock {
public:
    WallTime now() const override;
    SteadyTime steady_now() const override;
    Awaitable<void> sleep_until(SteadyTime deadline) override;
};

}  // namespace certferry
