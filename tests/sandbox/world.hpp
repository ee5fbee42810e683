// SPDX-License-Identifier: MIT
#pragma once

#include "call_log.hpp"
#include "faults.hpp"
#include "keys.hpp"
#include "store.hpp"

#include <chrono>
#include <cstdint>

namespace certferry::sandbox {

/// Where Tencent's behaviour is not documented, or has been seen both ways.
struct Behaviour {
    bool strict_pem = true;           // refuse what the format page does not describe
    bool refuse_unbound_old = false;  // an old id that is bound nowhere: 5000, instead of a success
    bool request_ids = false;         // ReplaceCert starts a task and answers its requestId
    unsigned task_polls = 0;          // such a task runs for so many polls
    bool task_fails = false;          // and fails then, having changed nothing
};

/// Everything there is, shared by all the interfaces: of one thread, so without locks.
struct World {
    explicit World(std::uint64_t seed) : store(seed) {}

    WallTime now() const {
        return std::chrono::floor<WallTime::duration>(std::chrono::system_clock::now()) + clock_offset;
    }

    Store store;
    Keys keys;
    ReplayGuard replays;
    Faults faults;
    CallLog calls;
    Behaviour behaviour;
    std::chrono::seconds clock_offset{};  // the server's clock is so far ahead of the real one
};

}  // namespace certferry::sandbox
