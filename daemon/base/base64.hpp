// SPDX-License-Identifier: MIT
#pragma once

#include "base/secret.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace certferry {

/// With padding (RFC 4648 §4).
std::string to_base64(std::span<const unsigned char> bytes);

/// Nothing for what is no base64, or lacks its padding.
std::optional<Secret> from_base64(std::string_view text);

}  // namespace certferry
