// SPDX-License-Identifier: MIT
#pragma once

#include "base/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace certferry {

/// How the calls of one account are doing.
struct AccountTraffic {
    AccountName account;
    std::size_t waiting = 0;    // for their turn
    std::size_t under_way = 0;  // calls
    bool down = false;          // the endpoint counts as down: nothing but a probing call is let through
};

/// How the daemon itself is doing at one moment.
struct Vitals {
    std::size_t watched_directories = 0;
    std::size_t polled_lineages = 0;      // looked at regularly, for want of a watch
    std::uint64_t watch_wakeups = 0;      // since the start
    std::uint64_t watch_overflows = 0;    // since the start: everything was looked at, since events were lost
    std::uint64_t dropped_log_lines = 0;  // since the start
    std::vector<AccountTraffic> accounts;
};

}  // namespace certferry
