// SPDX-License-Identifier: MIT
#pragma once

#include <exception>

namespace certferry {

/// What co_spawn() calls at the end of a coroutine that nobody waits for. An exception that leaves it is a
/// bug: end here, where its cause can still be seen.
inline void expect_no_exception(const std::exception_ptr& thrown) {
    if (thrown) std::rethrow_exception(thrown);
}

}  // namespace certferry
