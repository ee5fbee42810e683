// SPDX-License-Identifier: MIT
#pragma once

#include "control/protocol.hpp"

#include <filesystem>
#include <iosfwd>
#include <optional>

namespace certferry::client {

/// What can be answered without a running daemon: status and history, from the journal, and doctor, as far
/// as this user sees. Nothing for other commands. A configuration that is not valid is explained on
/// `complaints`.
std::optional<control::Answer> answer_without_daemon(const std::filesystem::path& config_file,
                                                     const control::Request& request,
                                                     std::ostream& complaints);

/// Adds what only this side of the socket may ask the system to what the daemon has found.
void add_own_checks(boost::json::object& doctor);

}  // namespace certferry::client
