// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace certferry::config {

/// The manual page certferry.toml(5) in mdoc(7): every key with what it must be, its default and its
/// explanation, from the table of keys.
std::string manual();

}  // namespace certferry::config
