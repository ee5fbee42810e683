// SPDX-License-Identifier: MIT
#pragma once

#include "config/model.hpp"

#include <string>

namespace certferry::config {

/// The configuration in force as one TOML file: every key with its value, defaults too. Loading it gives the
/// same configuration. It holds no secret: there is none in a configuration.
std::string render(const Config& config);

}  // namespace certferry::config
