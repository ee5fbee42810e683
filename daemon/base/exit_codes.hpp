// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

namespace certferry {

/// What certferryd and certferry end with, as listed in the README; 0 is all well.
constexpr int exit_failure = 1;
constexpr int exit_usage = 2;
constexpr int exit_partly_failed = 3;
constexpr int exit_config = 4;
constexpr int exit_unreachable = 5;
constexpr int exit_gate = 6;
constexpr int exit_rejected = 7;
constexpr int exit_retrying = 8;
constexpr int exit_unproven = 9;
constexpr int exit_other_instance = 10;

/// One code for all: that of those that are not 0, where they agree, else failure; partly failed where some
/// are 0.
int exit_code_of_all(const std::vector<int>& codes);

}  // namespace certferry
