// SPDX-License-Identifier: MIT
#pragma once

#include "simulation/chance.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace certferry::simulation {

/// What can go wrong.
enum class Fault {
    crash_at_call,        // the daemon dies before or after a call is on its way
    crash_at_commit,      // it dies in a commit, which is on disk or not
    crash_in_sleep,       // it dies while everything in it waits
    lost_before,          // the answer is lost, and the call never arrived
    lost_after,           // the answer is lost, and it was done
    late,                 // the answer is lost, and it is done some time later
    throttled,            // too many requests, says the API
    busy,                 // the load balancer is at work on another change, says the API; for hours, at times
    internal,             // an internal error of the API
    unreachable,          // no connection
    slow,                 // the answer takes seconds
    outage,               // an account that does not answer for a while
    credentials_expired,  // an account whose keys are refused for a while
    silent_no_op,         // yes, and nothing is done
    split,                // yes, and only the first load balancer is done
    lost_binding,         // unbound, and not bound again
    altered_binding,      // bound, and mutual TLS is off
    stuck_task,           // the task never ends
    failed_task,          // the task says failed, whatever was done
    disk_full,            // no commit succeeds for a while
    unwritten,            // one commit fails
    lost_event,           // a change on disk that nothing tells of
    torn_files,           // a renewal that is written in pieces, with time in between
    bad_bundle,           // staging, too few names, an older one
    clock_jump,           // the wall clock is set
    console_edit,         // somebody else at the console
    reload,               // another configuration
    reload_amid,          // another configuration, while a call is under way
    command,              // a person asks for something
};
inline constexpr std::size_t fault_kinds = static_cast<std::size_t>(Fault::command) + 1;

std::string_view to_text(Fault fault);

/// How often each fault struck.
using FaultCounts = std::array<std::uint64_t, fault_kinds>;

/// Decides what goes wrong in one run. Each run has a climate of its own: some faults never strike in it,
/// others often, since what always comes together hides what comes alone.
class Weather {
public:
    explicit Weather(Chance& chance);

    /// Whether the fault strikes now, by its own probability.
    bool strikes(Fault fault);

    /// No fault strikes from now on.
    void clear_up() { clear_ = true; }
    bool clear() const { return clear_; }

    const FaultCounts& counts() const { return counts_; }

private:
    Chance& chance_;
    std::array<double, fault_kinds> probability_{};
    FaultCounts counts_{};
    bool clear_ = false;
};

}  // namespace certferry::simulation
