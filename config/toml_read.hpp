// SPDX-License-Identifier: MIT
#pragma once

#include "config/check.hpp"

#include <toml++/toml.h>

namespace certferry::config {

/// Adds what a document says to the draft. Values that do not fit their keys are passed over, since
/// check_shape has reported them; what is reported here is what only shows in two values of one table, or in
/// two files.
void read_document(const toml::table& document, std::size_t file, Draft& draft, Report& report);

}  // namespace certferry::config
