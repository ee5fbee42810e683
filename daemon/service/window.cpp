// SPDX-License-Identifier: MIT
#include "service/window.hpp"

#include "base/posix_machine.hpp"
#include "config/forms.hpp"
#include "control/peer.hpp"

#include <fmt/format.h>

namespace certferry {
namespace {

Awaitable<Result<Snapshot>> snapshot_of(World& world, const std::function<DaemonState()>& daemon) {
    Result<Snapshot> snapshot = co_await world.supervisor().snapshot(std::nullopt);
    if (snapshot) snapshot->daemon = daemon();
    co_return snapshot;
}

ReadinessCheck lineages_looked_at(const Supervisor& supervisor) {
    const std::size_t left = supervisor.unlooked();
    const std::size_t all = supervisor.config().mappings.size();
    return {"lineages", left == 0, fmt::format("{} of {} were looked at", all - left, all)};
}

ReadinessCheck journal_readable(Journal& journal) {
    const auto read = journal.on_hold();
    return {"journal", read.has_value(), read ? "can be read" : describe(read.error())};
}

Readiness readiness_of(World& world) {
    Readiness readiness;
    readiness.checks.push_back(lineages_looked_at(world.supervisor()));
    readiness.checks.push_back(journal_readable(world.journal()));
    const bool stopping = world.supervisor().stopping();
    readiness.checks.push_back({"running", !stopping, stopping ? "coming to rest" : "yes"});
    return readiness;
}

}  // namespace

Window::Window(const boost::asio::any_io_executor& executor, World& world, LeveledLog& log,
               std::function<DaemonState()> daemon)
    : site_(ports(executor, world, log, std::move(daemon)), world.supervisor().config().http) {
    open(executor, world.supervisor().config(), log);
}

SitePorts Window::ports(const boost::asio::any_io_executor& executor, World& world, LeveledLog& log,
                        std::function<DaemonState()> daemon) {
    SitePorts ports(executor, world.clock(), world.journal(), world.tally());
    ports.snapshot = [&world, daemon = std::move(daemon)] { return snapshot_of(world, daemon); };
    ports.config = [&world]() -> const config::Config& { return world.supervisor().config(); };
    ports.mapping_of = [&world](const TargetKey& target) { return world.supervisor().mapping_of(target); };
    ports.readiness = [&world] { return readiness_of(world); };
    ports.vitals = [&world, &log] {
        Vitals vitals = world.vitals();
        vitals.dropped_log_lines = log.dropped();
        return vitals;
    };
    return ports;
}

// The socket is for those who may ask at the control socket.
void Window::open(const boost::asio::any_io_executor& executor, const config::Config& config, Log& log) {
    if (std::holds_alternative<config::ListenNowhere>(config.http.listen)) return;
    const SocketAudience audience{group_named(control::commanding_group), config.daemon.status_for_all};
    auto server = BeastServer::listen(executor, config.http.listen, audience, [this](WebRequest request) {
        return site_.answer(std::move(request));
    });
    if (server)
        server_ = std::move(*server);
    else
        log.write(LogLevel::warning, "http.unavailable",
                  {{"listen", config::written(config.http.listen)}, {"detail", describe(server.error())}});
}

}  // namespace certferry
