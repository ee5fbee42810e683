// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace certferry::control {

/// What the daemon can be asked for.
enum class Command {
    status,
    history,
    plan,
    probe,
    doctor,
    notify,
    rotate,
    pause,
    resume,
    rollback,
    adopt,
    log_level,
    reload,
};

/// What a command is called in messages, and what it needs.
struct CommandTraits {
    Command command;
    std::string_view name;
    bool only_tells;  // changes nothing: also for those who may only ask
    bool wants_mapping;
};

std::span<const CommandTraits> commands();
const CommandTraits& traits(Command command);
std::optional<Command> parse_command(std::string_view name);

}  // namespace certferry::control
