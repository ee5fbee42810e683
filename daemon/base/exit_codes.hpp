// SPDX-License-Identifier: MIT
#pragma once

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

}  // namespace certferry
