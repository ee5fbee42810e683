// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace certferry {

/// How many directories one user may watch (inotify(7)). Nothing where /proc does not tell.
std::optional<std::size_t> inotify_watches_max();

/// Whether somebody keeps the kernel's clock right (adjtimex(2)). Nothing where that may not be asked.
std::optional<bool> clock_synchronised();

/// The number of a group of users. Nothing where there is no such group.
std::optional<std::uint32_t> group_named(const char* name);

/// What this machine calls itself.
std::string host_name();

}  // namespace certferry
