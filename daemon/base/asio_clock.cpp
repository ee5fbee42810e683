// SPDX-License-Identifier: MIT
#include "base/asio_clock.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace certferry {

namespace asio = boost::asio;

WallTime AsioClock::now() const {
    return std::chrono::floor<WallTime::duration>(std::chrono::system_clock::now());
}

SteadyTime AsioClock::steady_now() const {
    return std::chrono::floor<SteadyTime::duration>(std::chrono::steady_clock::now());
}

Awaitable<void> AsioClock::sleep_until(SteadyTime deadline) {
    auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, deadline);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
}

}  // namespace certferry
