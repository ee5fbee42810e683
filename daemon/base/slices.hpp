// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"

namespace certferry {

/// Cuts a long piece of work into slices, between which the loop goes on with everything else:
///
///     Slices slices(clock);
///     for (const auto& mapping : mappings) {
///         …
///         co_await slices.breathe();
///     }
class Slices {
public:
    static constexpr Duration length = std::chrono::milliseconds(5);

    explicit Slices(const Clock& clock) : clock_(clock), began_(clock.steady_now()) {}

    /// Returns at once while the slice lasts, and otherwise after everything else had its turn.
    Awaitable<void> breathe();

private:
    const Clock& clock_;
    SteadyTime began_;
};

}  // namespace certferry
