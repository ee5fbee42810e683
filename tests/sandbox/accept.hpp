// SPDX-License-Identifier: MIT
#pragma once

#include "base/async.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <functional>

#include <boost/asio/ip/tcp.hpp>

namespace certferry::sandbox {

using ConnectionHandler = std::function<Awaitable<void>(boost::asio::ip::tcp::socket)>;

/// A port on 127.0.0.1; 0 for any that is free. Errors: unreachable.
Result<boost::asio::ip::tcp::acceptor> listen_on(boost::asio::any_io_executor executor, std::uint16_t port);

/// Serves every connection in a coroutine of its own, until the acceptor is closed.
void accept_forever(boost::asio::ip::tcp::acceptor acceptor, ConnectionHandler handler);

}  // namespace certferry::sandbox
