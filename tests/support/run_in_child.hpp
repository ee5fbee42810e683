// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace certferry::tests {

/// Runs `body` in a forked child and gives the text that it returned; "threw: ..." when it threw. The test
/// program must have no other thread.
std::string run_in_child(const std::function<std::string()>& body);

/// To be called in a child: gives it a user namespace, whose limits (/proc/sys/user) concern nobody else.
/// False where that is not permitted.
bool enter_user_namespace();

}  // namespace certferry::tests
