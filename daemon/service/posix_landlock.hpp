// SPDX-License-Identifier: MIT
#pragma once

#include "service/confinement.hpp"

#include <optional>

namespace certferry {

/// What the kernel holds a process to.
struct Confined {
    int abi = 0;              // of Landlock
    Confinement confinement;  // without ports before ABI 4 (Linux 6.7)
};

/// Gives up, for good, all that this thread and those it starts do not need: files that can be opened,
/// written or made, and ports that can be connected to (landlock(7)). A directory that is not there yet is
/// stood for by the nearest one above it. Sockets, watches and what is open already are not concerned.
/// Nothing where this kernel has no Landlock, or does not let it be used.
std::optional<Confined> confine(Confinement confinement);

}  // namespace certferry
