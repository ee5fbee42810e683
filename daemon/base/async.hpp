// SPDX-License-Identifier: MIT
#pragma once

#include <boost/asio/awaitable.hpp>

namespace certferry {

/// A coroutine on the one loop. House rule for GCC 12: name an aggregate or a capturing lambda first, then
/// await; never brace one in the expression that has the co_await (CONTRIBUTING.md, "Name it, then await
/// it").
template <class T>
using Awaitable = boost::asio::awaitable<T>;

}  // namespace certferry
