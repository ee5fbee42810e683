// SPDX-License-Identifier: MIT
#pragma once

#include "parameters.hpp"

#include <string_view>

namespace certferry::sandbox {

/// Reads application/x-www-form-urlencoded as PHP does: '+' is a space, a '%' that escapes nothing stays, of
/// several values of a name the last one counts.
Parameters form_decode(std::string_view text);

}  // namespace certferry::sandbox
