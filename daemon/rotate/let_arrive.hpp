// SPDX-License-Identifier: MIT
#pragma once

#include "rotate/rotate.hpp"

namespace certferry {

/// The time by which what the rotation has sent without hearing an answer has arrived, or never will: a call
/// that timed out, or that a killed daemon left behind, may be carried out while somebody looks for what came
/// of it.
SteadyTime latest_arrival(const RotationPorts& ports, const Target& target, const Rotation& rotation);

/// Waits until then, or until the daemon is to stop.
Awaitable<void> let_arrive(RotationPorts& ports, SteadyTime latest);

}  // namespace certferry
