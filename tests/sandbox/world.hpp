// SPDX-License-Identifier: MIT
#pragma once

#include "call_log.hpp"
#include "faults.hpp"
#include "keys.hpp"
#include "rate_limits.hpp"
#include "store.hpp"
#include "temporary_keys.hpp"

#include <chrono>
#include <cstdint>

namespace certferry::sandbox {

/// Where Tencent's behaviour is not documented, or has been seen both ways.
struct Behaviour {
    bool strict_pem = true;            // refuse what the format page does not describe
    bool refuse_unbound_old = false;   // an old id that is bound nowhere: an error, instead of a success
    bool replace_resets_mode = false;  // a mutual listener that gets a new certificate is unidirectional then
    bool request_ids = false;          // API 2.0: ReplaceCert starts a task and answers its requestId
    unsigned task_polls = 0;           // a task runs until it was asked for so often
    Duration task_delay{};             // and for so long; what it changes comes true at its end
    bool task_fails = false;           // it fails then, having changed nothing
    bool unknown_tasks = false;        // API 3.0: DescribeTaskStatus knows no task
    bool busy_while_running = true;  // API 3.0: no second change of a load balancer that a task is at work on
    unsigned requests_per_second = 0;  // of each action; 0: as many as come
};

/// A task as it is behaved here, of nothing yet.
inline Task task_of(const Behaviour& behaviour, WallTime now) {
    Task task;
    task.polls = behaviour.task_polls;
    task.until = now + behaviour.task_delay;
    task.fails = behaviour.task_fails;
    return task;
}

/// Everything there is, shared by all the interfaces: of one thread, so without locks.
struct World {
    explicit World(std::uint64_t seed) : store(seed), chance(seed) {}

    WallTime now() const {
        return std::chrono::floor<WallTime::duration>(std::chrono::system_clock::now()) + clock_offset;
    }

    static SteadyTime steady_now() {
        return std::chrono::floor<SteadyTime::duration>(std::chrono::steady_clock::now());
    }

    /// Brings to its end what is due: before every look at the store.
    void settle() { store.settle(now()); }

    Store store;
    Keys keys;
    Roles roles;
    std::mt19937_64 chance;  // of temporary keys and RequestIds
    ReplayGuard replays;
    RateLimits limits;
    Faults faults;
    CallLog calls;
    Behaviour behaviour;
    std::chrono::seconds clock_offset{};  // the server's clock is so far ahead of the real one
};

}  // namespace certferry::sandbox
