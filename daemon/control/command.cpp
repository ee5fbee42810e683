// SPDX-License-Identifier: MIT
#include "control/command.hpp"

#include <algorithm>
#include <array>

namespace certferry::control {
namespace {

constexpr bool tells = true;
constexpr bool changes = false;
constexpr bool of_a_mapping = true;
constexpr bool of_any = false;

// plan, probe and doctor change nothing, but make calls and connections: only those who may command spend
// them.
constexpr std::array table = {
    CommandTraits{Command::status, "status", tells, of_any},
    CommandTraits{Command::history, "history", tells, of_any},
    CommandTraits{Command::plan, "plan", changes, of_any},
    CommandTraits{Command::probe, "probe", changes, of_a_mapping},
    CommandTraits{Command::doctor, "doctor", changes, of_any},
    CommandTraits{Command::notify, "notify", changes, of_any},
    CommandTraits{Command::rotate, "rotate", changes, of_a_mapping},
    CommandTraits{Command::pause, "pause", changes, of_a_mapping},
    CommandTraits{Command::resume, "resume", changes, of_a_mapping},
    CommandTraits{Command::rollback, "rollback", changes, of_a_mapping},
    CommandTraits{Command::adopt, "adopt", changes, of_a_mapping},
    CommandTraits{Command::log_level, "log-level", changes, of_any},
    CommandTraits{Command::reload, "reload", changes, of_any},
};

constexpr bool in_order() {
    for (std::size_t row = 0; row < table.size(); ++row)
        if (table[row].command != static_cast<Command>(row)) return false;
    return table.size() == static_cast<std::size_t>(Command::reload) + 1;
}
static_assert(in_order(), "one row for each Command, in its order");

}  // namespace

std::span<const CommandTraits> commands() {
    return table;
}

const CommandTraits& traits(Command command) {
    return table.at(static_cast<std::size_t>(command));
}

std::optional<Command> parse_command(std::string_view name) {
    const auto found =
        std::find_if(table.begin(), table.end(), [&](const CommandTraits& row) { return row.name == name; });
    if (found == table.end()) return std::nullopt;
    return found->command;
}

}  // namespace certferry::control
