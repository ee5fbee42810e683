// SPDX-License-Identifier: MIT
#pragma once

#include "service/roster.hpp"

#include <set>

namespace certferry {

/// Retires superseded ids when they are due, where a mapping asks for it.
class Cleaning {
public:
    /// `roster`, `stopping` and `in_flight` are those of the moment, whenever it cleans up.
    Cleaning(boost::asio::any_io_executor executor, const Roster& roster, Clock& clock, const bool& stopping,
             const std::set<TargetKey>& in_flight);

    /// Goes on until the daemon stops, once a mapping of the roster asks for it. To be called again for each
    /// configuration.
    void begin();

    /// Something has come to an end: there may be more to retire.
    void look_again() { wakeup_.notify(); }

private:
    bool wanted() const;
    Awaitable<void> clean_up_when_due();
    Awaitable<WallTime> clean_up_all();

    boost::asio::any_io_executor executor_;
    const Roster& roster_;
    Clock& clock_;
    const bool& stopping_;
    const std::set<TargetKey>& in_flight_;
    Wakeup wakeup_;
    bool begun_ = false;
};

}  // namespace certferry
