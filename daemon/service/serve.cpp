// SPDX-License-Identifier: MIT
#include "service/serve.hpp"

#include "base/expect_no_exception.hpp"
#include "base/posix_process.hpp"
#include "cloud/posix_credentials.hpp"
#include "control/asio_control_server.hpp"
#include "service/asio_hangup.hpp"
#include "service/asio_loop.hpp"
#include "service/asio_shutdown.hpp"
#include "service/commands/commands.hpp"
#include "service/heartbeat.hpp"
#include "service/posix_landlock.hpp"
#include "service/reload.hpp"
#include "service/window.hpp"
#include "service/world.hpp"
#include "systemd/sd_notify.hpp"

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace certferry {
namespace {

namespace asio = boost::asio;

Awaitable<int> run(Supervisor& supervisor, bool once) {
    if (once) co_return co_await supervisor.run_once();
    co_await supervisor.run();
    co_return 0;
}

// A start, a reload and a rescan of ten thousand mappings need much for a second.
Awaitable<void> stay_small(Supervisor& supervisor, Clock& clock) {
    constexpr Duration until_over = std::chrono::seconds(2);
    const std::shared_ptr<Wakeup> news = supervisor.listen();
    for (;;) {
        co_await news->wait();
        co_await clock.sleep_until(clock.steady_now() + until_over);
        give_back_memory();
    }
}

int report_failed_start(Log& log, const Error& error) {
    log.write(LogLevel::error, "daemon.refused",
              {{"reason", std::string(error.label())}, {"detail", describe(error)}});
    return traits(error.code()).exit_code;
}

// Best effort: what the service manager forbids is forbidden without it.
std::optional<Confinement> confine_to_needs(World& world, const std::filesystem::path& config_file,
                                            Log& log) {
    auto confined = confine(
        confinement_of(world.supervisor().config(), config_file, world.files(), process_environment()));
    if (!confined) {
        log.write(LogLevel::info, "daemon.unconfined", {{"detail", "this kernel offers no Landlock"}});
        return std::nullopt;
    }
    const Confinement& to = confined->confinement;
    log.write(LogLevel::info, "daemon.confined",
              {{"landlock_abi", std::to_string(confined->abi)},
               {"readable", std::to_string(to.readable.size())},
               {"writable", std::to_string(to.writable.size())},
               {"ports", fmt::format("{}", fmt::join(to.ports, ","))}});
    return std::move(confined->confinement);
}

// What a running daemon is told, by the control socket and by SIGHUP, and where it can be looked at.
class Ears {
public:
    Ears(asio::io_context& loop, const std::filesystem::path& config_file, World& world,
         std::optional<Confinement> confinement, Heartbeat& heartbeat, LeveledLog& log)
        : world_(world),
          started_(world.clock().now()),
          heartbeat_(heartbeat),
          reload_(config_file, world.supervisor(), world.files(), std::move(confinement), world.clock(), log),
          commands_(ports(world, log)),
          window_(loop.get_executor(), world, log, [this] { return state(); }) {
        listen(loop, world.supervisor().config().daemon, log);
    }

    ReloadOutcome reload() {
        ReloadOutcome outcome;
        heartbeat_.around_reload([&] {
            outcome = reload_.run();
            return !outcome.refused;
        });
        return outcome;
    }

private:
    DaemonState state() const {
        return {CERTFERRY_VERSION, started_, world_.supervisor().in_force_since(), reload_.refused(),
                world_.announcer().states()};
    }

    CommandPorts ports(World& world, LeveledLog& log) {
        CommandPorts ports(world.supervisor(), world.journal(), world.prober(), world.clock(), world.files());
        ports.daemon = [this] { return state(); };
        ports.machine = [&world] { return world.machine(); };
        ports.reload = [this] { return reload(); };
        ports.try_notifiers = [&world] { return world.announcer().try_out(); };
        ports.set_log_level = [&log](LogLevel least) { log.set_least(least); };
        return ports;
    }

    // Certificates are carried without it, too.
    void listen(asio::io_context& loop, const config::Daemon& settings, Log& log) {
        auto server = control::AsioControlServer::listen(
            loop.get_executor(), settings.control_socket, settings.status_for_all,
            [this](control::Request request) { return commands_.carry_out(std::move(request)); }, log);
        if (server)
            server_ = std::move(*server);
        else
            log.write(LogLevel::warning, "control.unavailable", {{"detail", describe(server.error())}});
    }

    World& world_;
    WallTime started_;
    Heartbeat& heartbeat_;
    Reload reload_;
    Commands commands_;
    Window window_;
    std::unique_ptr<control::AsioControlServer> server_;
};

}  // namespace

int serve(const std::filesystem::path& config_file, config::Config config, LeveledLog& log, bool once) {
    const config::Daemon settings = config.daemon;
    const std::size_t mappings = config.mappings.size();
    AsioLoop loop;
    auto world = World::make(loop.get_executor(), std::move(config), log);
    if (!world) return report_failed_start(log, world.error());
    Supervisor& supervisor = (*world)->supervisor();
    auto confinement = confine_to_needs(**world, config_file, log);
    SdNotify manager;
    Heartbeat heartbeat(manager, supervisor, (*world)->clock());
    std::optional<Ears> ears;
    if (!once) {
        ears.emplace(loop, config_file, **world, std::move(confinement), heartbeat, log);
        (*world)->announcer().start();
    }
    AsioHangup hangup(loop, [&] {
        if (ears) ears->reload();
    });
    AsioShutdown shutdown(loop, log, settings.shutdown_grace, [&] {
        supervisor.stop();
        heartbeat.stopping();
    });

    // What is cut short has not come to its end; a daemon that was asked to go has.
    int exit_code = once ? traits(Errc::interrupted).exit_code : 0;
    asio::co_spawn(loop, heartbeat.run(), expect_no_exception);
    asio::co_spawn(loop, stay_small(supervisor, (*world)->clock()), expect_no_exception);
    asio::co_spawn(loop, run(supervisor, once), [&](const std::exception_ptr& thrown, int code) {
        if (thrown) std::rethrow_exception(thrown);
        exit_code = code;
        shutdown.cancel();
        loop.stop();
    });
    log.write(LogLevel::info, "daemon.ready",
              {{"version", CERTFERRY_VERSION},
               {"mappings", std::to_string(mappings)},
               {"state_dir", settings.state_dir.string()}});
    loop.run();
    loop.abandon();
    log.write(LogLevel::info, "daemon.stopped", {{"exit_code", std::to_string(exit_code)}});
    return exit_code;
}

}  // namespace certferry
