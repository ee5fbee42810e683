// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace certferry {

/// How many directories one user may watch (inotify(7)). Nothing where /proc does not tell.
std::optional<std::size_t> inotify_watches_max();

/// Whether somebody keeps the kernel's clock right (adjtimex(2)). Nothing where that may not be asked.
std::optional<bool> clock_synchronised();

/// What this machine calls itself.
std::string host_name();

}  // namespace certferry
