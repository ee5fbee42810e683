// SPDX-License-Identifier: MIT
#pragma once

#include "base/secret.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace certferry {

/// `text`, which the other side wrote, without what it repeats of `secrets`: "[...]" stands for every run of
/// 16 or more characters that is in one of them, and for everything from "-----BEGIN" on. Line breaks count
/// for nothing, on either side, nor does how the text has escaped the secret: as JSON or for a URL.
std::string without_echo(std::string_view text, const std::vector<Secret>& secrets);

}  // namespace certferry
