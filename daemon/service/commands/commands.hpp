// SPDX-License-Identifier: MIT
#pragma once

#include "control/protocol.hpp"
#include "service/commands/ports.hpp"

namespace certferry {

/// Carries out what a person, a hook or the service manager asks of a running daemon.
class Commands {
public:
    explicit Commands(CommandPorts ports) : ports_(std::move(ports)) {}

    Awaitable<control::Answer> carry_out(control::Request request);

private:
    CommandPorts ports_;
};

}  // namespace certferry
