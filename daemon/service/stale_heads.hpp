// SPDX-License-Identifier: MIT
#pragma once

#include "service/roster.hpp"

#include <functional>

namespace certferry {

/// Somebody may change at the console what was proven: looks once an hour, at all targets, and has what is
/// stale pursued once more.
class StaleHeads {
public:
    using Pursue = std::function<void(const std::shared_ptr<Charge>&, Pursuit&)>;

    /// `roster` and `stopping` are those of the moment, whenever it looks; `pursue` lets a pursuit run.
    StaleHeads(const Roster& roster, Clock& clock, const bool& stopping, Pursue pursue)
        : roster_(roster), clock_(clock), stopping_(stopping), pursue_(std::move(pursue)) {}

    /// Until the daemon stops, which cuts it off.
    Awaitable<void> run();

private:
    Awaitable<void> mend_all();

    const Roster& roster_;
    Clock& clock_;
    const bool& stopping_;
    Pursue pursue_;
};

}  // namespace certferry
