// SPDX-License-Identifier: MIT
#include "service/asio_shutdown.hpp"

#include <csignal>
#include <utility>

namespace certferry {

AsioShutdown::AsioShutdown(boost::asio::io_context& loop, Log& log, Duration grace,
                           std::function<void()> rest)
    : loop_(loop),
      log_(log),
      grace_(grace),
      rest_(std::move(rest)),
      signals_(loop, SIGTERM, SIGINT),
      timer_(loop) {
    listen();
}

void AsioShutdown::cancel() {
    signals_.cancel();
    timer_.cancel();
}

void AsioShutdown::listen() {
    signals_.async_wait([this](const boost::system::error_code& failed, int) {
        if (failed) return;
        if (begun_)
            cut_short("a second signal came");
        else
            begin();
    });
}

void AsioShutdown::begin() {
    begun_ = true;
    log_.write(LogLevel::info, "daemon.stopping", {{"grace", to_text(grace_)}});
    rest_();
    timer_.expires_after(grace_);
    timer_.async_wait([this](const boost::system::error_code& failed) {
        if (!failed) cut_short("daemon.shutdown_grace is over");
    });
    listen();
}

void AsioShutdown::cut_short(const std::string& why) {
    log_.write(LogLevel::warning, "daemon.cut_short",
               {{"detail", why + "; what was under way is read back at the next start"}});
    loop_.stop();
}

}  // namespace certferry
