// SPDX-License-Identifier: MIT
#pragma once

#include "control/protocol.hpp"
#include "service/commands/ports.hpp"

/// The commands, and where each of them is. `ports` outlives what they do. Errors: why a command as a whole
/// cannot be carried out; how single targets fare is in its answer.
namespace certferry::commands {

using control::Answer;
using control::Request;

// status.cpp
Awaitable<Result<Answer>> status(CommandPorts& ports, Request request);
Awaitable<Result<Answer>> history(CommandPorts& ports, Request request);

// plan.cpp, probe.cpp, doctor.cpp
Awaitable<Result<Answer>> plan(CommandPorts& ports, Request request);
Awaitable<Result<Answer>> probe(CommandPorts& ports, Request request);
Awaitable<Result<Answer>> doctor(CommandPorts& ports, Request request);

// renew.cpp
Awaitable<Result<Answer>> notify(CommandPorts& ports, Request request);
Awaitable<Result<Answer>> rotate(CommandPorts& ports, Request request);

// hold.cpp
Result<Answer> hold(CommandPorts& ports, const Request& request);
Result<Answer> release(CommandPorts& ports, const Request& request);

// by_hand.cpp
Awaitable<Result<Answer>> roll_back(CommandPorts& ports, Request request);
Awaitable<Result<Answer>> adopt(CommandPorts& ports, Request request);

// reload.cpp
Result<Answer> reload(CommandPorts& ports);
Result<Answer> set_log_level(CommandPorts& ports, const Request& request);

}  // namespace certferry::commands
