// SPDX-License-Identifier: MIT
#include "base/slices.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace certferry {

namespace asio = boost::asio;

Awaitable<void> Slices::breathe() {
    if (clock_.steady_now() < began_ + length) co_return;
    const auto executor = co_await asio::this_coro::executor;
    co_await asio::post(executor, asio::use_awaitable);
    began_ = clock_.steady_now();
}

}  // namespace certferry
