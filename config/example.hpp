// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace certferry::config {

/// config/certferry.toml: every key with its default or a sample and its explanation, from the table of keys.
/// It is what a package installs: without a mapping, which the daemon asks for in a sentence.
std::string example();

}  // namespace certferry::config
