// SPDX-License-Identifier: MIT
#pragma once

#include "service/roster.hpp"

#include <set>
#include <string>

namespace certferry {

/// Goes round the endpoints of all mappings, when the daemon starts and once an hour, and looks at what they
/// serve; at those that a reload adds, at once. The prober remembers what was seen. It goes gently: a few
/// looks under way, the next one a moment later, so that ten thousand endpoints leave the loop to the
/// rotations.
class Patrol {
public:
    /// `roster` and `stopping` are those of the moment, whenever it looks.
    Patrol(boost::asio::any_io_executor executor, const Roster& roster, Prober& prober, Clock& clock,
           const bool& stopping);

    /// Until the daemon stops, which cuts it off.
    Awaitable<void> run();

    /// Another configuration is in force.
    void look_again() { wakeup_.notify(); }

private:
    Awaitable<void> look_at_new();
    Awaitable<void> begin_look(config::ProbeEndpoint endpoint);
    Awaitable<void> look(config::ProbeEndpoint endpoint);

    boost::asio::any_io_executor executor_;
    const Roster& roster_;
    Prober& prober_;
    Clock& clock_;
    const bool& stopping_;
    std::set<std::string> looked_at_;  // in this round
    std::size_t under_way_ = 0;
    Wakeup wakeup_;
    Wakeup look_ended_;
};

}  // namespace certferry
