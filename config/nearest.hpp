// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace certferry::config {

/// Which of `known` a person who wrote `written` may have meant: the one with the fewest insertions,
/// deletions, substitutions and swaps of neighbours, when those are few for its length. Letter case does not
/// count.
std::optional<std::string_view> nearest(std::string_view written, const std::vector<std::string_view>& known);

}  // namespace certferry::config
