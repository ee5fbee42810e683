// SPDX-License-Identifier: MIT
#pragma once

#include "base/log.hpp"
#include "report/beast_server.hpp"
#include "report/site.hpp"
#include "service/world.hpp"

#include <functional>
#include <memory>

namespace certferry {

/// What may be looked at from outside while the daemon runs: the status page, the metrics and the health,
/// where http.listen says. Certificates are carried without it, too: where it cannot be opened, the log says
/// why.
class Window {
public:
    /// `daemon` tells of the running daemon.
    Window(const boost::asio::any_io_executor& executor, World& world, LeveledLog& log,
           std::function<DaemonState()> daemon);

private:
    SitePorts ports(const boost::asio::any_io_executor& executor, World& world, LeveledLog& log,
                    std::function<DaemonState()> daemon);
    void open(const boost::asio::any_io_executor& executor, const config::Config& config, Log& log);

    Site site_;
    std::unique_ptr<BeastServer> server_;
};

}  // namespace certferry
