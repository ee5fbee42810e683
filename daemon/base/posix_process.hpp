// SPDX-License-Identifier: MIT
#pragma once

namespace certferry {

/// Nobody may read this process's memory: no core dumps, no ptrace by the same user (keys are in it). And a
/// peer that hangs up is an error of the write, not a signal that ends the daemon.
void harden_process();

/// Gives memory that is free in this process back to the system: what was needed for a while is otherwise
/// kept for good. Some milliseconds for a hundred MiB.
void give_back_memory();

}  // namespace certferry
