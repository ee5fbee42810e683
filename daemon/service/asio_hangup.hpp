// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

namespace certferry {

/// Calls `reload` for each SIGHUP, on the thread of `loop`; several at once may be one.
class AsioHangup {
public:
    AsioHangup(boost::asio::io_context& loop, std::function<void()> reload);

private:
    void listen();

    boost::asio::signal_set signals_;
    std::function<void()> reload_;
};

}  // namespace certferry
