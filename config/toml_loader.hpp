// SPDX-License-Identifier: MIT
#pragma once

#include "config/model.hpp"
#include "config/problem.hpp"

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <variant>
#include <vector>

namespace certferry::config {

/// The configuration, or everything that is wrong with it, in the order of the files and their lines.
using Loaded = std::variant<Config, std::vector<Problem>>;

/// Reads `main_file` and the conf.d/*.toml beside it, in the order of their names; each of at most 16 MiB.
/// Strict: a key that is unknown, a value that does not fit, or a name that leads nowhere refuses the whole.
Loaded load(const std::filesystem::path& main_file);

/// The same for a command line: the configuration, or nothing once `complaints` says all that is wrong.
std::optional<Config> load_or_complain(const std::filesystem::path& main_file, std::ostream& complaints);

/// Where the daemon of this configuration is to be found, whatever else is wrong with it; its default place
/// where it cannot be told.
std::filesystem::path control_socket_in(const std::filesystem::path& main_file);

}  // namespace certferry::config
