// SPDX-License-Identifier: MIT
#pragma once

namespace certferry {

/// Nobody may read this process's memory: no core dumps, no ptrace by the same user (keys are in it). And a
/// peer that hangs up is an error of the write, not a signal that ends the daemon.
void harden_process();

}  // namespace certferry
