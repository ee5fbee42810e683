// SPDX-License-Identifier: MIT
#include "service/asio_hangup.hpp"

#include <csignal>
#include <utility>

namespace certferry {

AsioHangup::AsioHangup(boost::asio::io_context& loop, std::function<void()> reload)
    : signals_(loop, SIGHUP), reload_(std::move(reload)) {
    listen();
}

void AsioHangup::listen() {
    signals_.async_wait([this](const boost::system::error_code& failed, int) {
        if (failed) return;
        reload_();
        listen();
    });
}

}  // namespace certferry
