// SPDX-License-Identifier: MIT
#include "simulation/weather.hpp"

#include <utility>

namespace certferry::simulation {
namespace {

struct Kind {
    Fault fault;
    std::string_view name;
    double probability;  // of each occasion, in a climate that is neither kind nor harsh to it
};

// In the order of Fault, which the static_assert below holds it to.
constexpr std::array<Kind, fault_kinds> kinds = {{
    {Fault::crash_at_call, "crash at a call", 0.002},
    {Fault::crash_at_commit, "crash at a commit", 0.01},
    {Fault::crash_in_sleep, "crash in its sleep", 0.0005},
    {Fault::lost_before, "call lost", 0.02},
    {Fault::lost_after, "answer lost", 0.03},
    {Fault::late, "done late", 0.03},
    {Fault::throttled, "throttled", 0.01},
    {Fault::busy, "busy", 0.03},
    {Fault::internal, "internal error", 0.01},
    {Fault::unreachable, "unreachable", 0.01},
    {Fault::slow, "slow answer", 0.02},
    {Fault::outage, "outage", 0.04},
    {Fault::credentials_expired, "credentials expired", 0.03},
    {Fault::silent_no_op, "silent no-op", 0.04},
    {Fault::split, "split", 0.06},
    {Fault::lost_binding, "binding lost", 0.05},
    {Fault::altered_binding, "binding altered", 0.03},
    {Fault::stuck_task, "task stuck", 0.03},
    {Fault::failed_task, "task failed", 0.04},
    {Fault::disk_full, "disk full", 0.04},
    {Fault::unwritten, "commit failed", 0.01},
    {Fault::lost_event, "event lost", 0.3},
    {Fault::torn_files, "files torn", 0.3},
    {Fault::bad_bundle, "bad bundle", 0.15},
    {Fault::clock_jump, "clock jump", 0.04},
    {Fault::console_edit, "console edit", 0.03},
    {Fault::reload, "reload", 0.1},
    {Fault::reload_amid, "reload amid a call", 0.01},
    {Fault::command, "command", 0.08},
}};

constexpr bool in_order() {
    for (std::size_t row = 0; row < kinds.size(); ++row)
        if (kinds[row].fault != static_cast<Fault>(row)) return false;
    return true;
}
static_assert(in_order(), "one row for each Fault, in its order");

}  // namespace

std::string_view to_text(Fault fault) {
    return kinds.at(static_cast<std::size_t>(fault)).name;
}

Weather::Weather(Chance& chance) : chance_(chance) {
    static constexpr std::array climates = {0.0, 0.0, 0.3, 1.0, 1.0, 3.0};
    for (std::size_t kind = 0; kind < fault_kinds; ++kind)
        probability_[kind] = kinds[kind].probability * climates[chance.below(climates.size())];
}

bool Weather::strikes(Fault fault) {
    const auto kind = static_cast<std::size_t>(fault);
    if (clear_ || !chance_.happens(probability_[kind])) return false;
    ++counts_[kind];
    return true;
}

}  // namespace certferry::simulation
