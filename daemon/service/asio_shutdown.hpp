// SPDX-License-Identifier: MIT
#pragma once

#include "base/log.hpp"
#include "base/time.hpp"

#include <functional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

namespace certferry {

/// How the daemon ends. The first SIGTERM or SIGINT asks for rest, by `rest`; a second one, or the end of the
/// grace, ends the loop where it stands, which the journal is made for. On the thread of `loop`.
class AsioShutdown {
public:
    AsioShutdown(boost::asio::io_context& loop, Log& log, Duration grace, std::function<void()> rest);

    /// Rest has come: listens no longer.
    void cancel();

private:
    void listen();
    void begin();
    void cut_short(const std::string& why);

    boost::asio::io_context& loop_;
    Log& log_;
    Duration grace_;
    std::function<void()> rest_;
    boost::asio::signal_set signals_;
    boost::asio::steady_timer timer_;
    bool begun_ = false;
};

}  // namespace certferry
