// SPDX-License-Identifier: MIT
#include "accept.hpp"

#include "pause.hpp"

#include <chrono>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

namespace certferry::sandbox {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

namespace {

/// After a failed accept, mostly for want of descriptors: time for some to be freed.
constexpr auto pause_after_failure = std::chrono::milliseconds(50);

Awaitable<void> accept_loop(tcp::acceptor acceptor, ConnectionHandler handler) {
    for (;;) {
        auto [error, socket] = co_await acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
        if (error == asio::error::operation_aborted) co_return;
        if (error) {
            co_await pause(pause_after_failure);
            continue;
        }
        asio::co_spawn(acceptor.get_executor(), handler(std::move(socket)), asio::detached);
    }
}

}  // namespace

Result<tcp::acceptor> listen_on(asio::any_io_executor executor, std::uint16_t port) {
    tcp::acceptor acceptor(executor);
    const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), port);
    boost::system::error_code error;
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) return Error(Errc::unreachable, fmt::format("127.0.0.1:{}: {}", port, error.message()));
    return acceptor;
}

void accept_forever(tcp::acceptor acceptor, ConnectionHandler handler) {
    const auto executor = acceptor.get_executor();
    asio::co_spawn(executor, accept_loop(std::move(acceptor), std::move(handler)), asio::detached);
}

}  // namespace certferry::sandbox
