// SPDX-License-Identifier: MIT
#pragma once

#include "control/client/standing.hpp"

#include <string>
#include <vector>

namespace certferry::client {

/// For people: each target's succession, and every step of every attempt.
std::string history_text(const std::vector<Standing>& standings);
/// For machines; its "version" is 1.
std::string history_json(const std::vector<Standing>& standings);

}  // namespace certferry::client
