// SPDX-License-Identifier: MIT
#pragma once

#include "report/tally.hpp"
#include "service/supervise.hpp"
#include "simulation/lossy_watch.hpp"
#include "simulation/paced_cloud.hpp"
#include "support/simulated_loop.hpp"

#include <map>
#include <memory>

namespace certferry::simulation {

class World;

/// One life of the daemon: the real supervisor, its loop, and whatever it has in memory. To destroy it is to
/// kill it.
class Daemon {
public:
    Daemon(World& world, WallTime wall_clock);
    ~Daemon();
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;

    tests::SimulatedLoop& loop() { return loop_; }
    LossyWatch& watch() { return watch_; }
    Supervisor& supervisor() { return *supervisor_; }

    /// Puts the world's configuration in force.
    void reload();
    /// Whether run() has returned, after stop().
    bool ended() const { return ended_; }

private:
    class Prober;
    class Log;

    std::shared_ptr<Cloud> cloud(const config::Account& account);
    Awaitable<void> run();

    World& world_;
    tests::SimulatedLoop loop_;
    BundleMemory memory_;
    LossyWatch watch_;
    std::unique_ptr<Prober> prober_;
    std::unique_ptr<Log> log_;
    Sightings sightings_;
    Tally tally_;
    std::map<AccountName, std::shared_ptr<Desk>> desks_;
    std::unique_ptr<Supervisor> supervisor_;
    bool ended_ = false;
};

}  // namespace certferry::simulation
