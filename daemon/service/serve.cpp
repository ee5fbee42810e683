// SPDX-License-Identifier: MIT
#include "service/serve.hpp"

#include "service/world.hpp"
#include "systemd/sd_notify.hpp"

#include <csignal>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

namespace certferry {
namespace {

namespace asio = boost::asio;

// The first signal asks the supervisor to come to rest; a second one, or the end of the grace, ends the loop
// where it stands, which the journal is made for.
class Shutdown {
public:
    Shutdown(asio::io_context& loop, Supervisor& supervisor, ServiceManager& manager, Log& log,
             Duration grace)
        : loop_(loop),
          supervisor_(supervisor),
          manager_(manager),
          log_(log),
          grace_(grace),
          signals_(loop, SIGTERM, SIGINT),
          timer_(loop) {
        listen();
    }

    void cancel() {
        signals_.cancel();
        timer_.cancel();
    }

private:
    void listen() {
        signals_.async_wait([this](const boost::system::error_code& failed, int) {
            if (failed) return;
            requested_ ? cut_short("a second signal") : begin();
        });
    }

    void begin() {
        requested_ = true;
        log_.write(LogLevel::info, "daemon.stopping", {{"grace", to_text(grace_)}});
        manager_.stopping();
        supervisor_.stop();
        timer_.expires_after(grace_);
        timer_.async_wait([this](const boost::system::error_code& failed) {
            if (!failed) cut_short("daemon.shutdown_grace is over");
        });
        listen();
    }

    void cut_short(const std::string& why) {
        log_.write(LogLevel::warning, "daemon.cut_short",
                   {{"detail", why + "; what was under way is read back at the next start"}});
        loop_.stop();
    }

    asio::io_context& loop_;
    Supervisor& supervisor_;
    ServiceManager& manager_;
    Log& log_;
    Duration grace_;
    asio::signal_set signals_;
    asio::steady_timer timer_;
    bool requested_ = false;
};

Awaitable<int> run(Supervisor& supervisor, bool once) {
    if (once) co_return co_await supervisor.run_once();
    co_await supervisor.run();
    co_return 0;
}

int report_failed_start(Log& log, const Error& error) {
    log.write(LogLevel::error, "daemon.refused",
              {{"reason", std::string(error.label())}, {"detail", describe(error)}});
    return traits(error.code()).exit_code;
}

}  // namespace

int serve(const config::Config& config, Log& log, bool once) {
    asio::io_context loop(1);
    auto world = World::make(loop.get_executor(), config, log);
    if (!world) return report_failed_start(log, world.error());
    Supervisor& supervisor = (*world)->supervisor();
    ServiceManager manager;
    Shutdown shutdown(loop, supervisor, manager, log, config.daemon.shutdown_grace);

    int exit_code = 0;
    asio::co_spawn(loop, run(supervisor, once), [&](const std::exception_ptr& thrown, int code) {
        if (thrown) std::rethrow_exception(thrown);
        exit_code = code;
        shutdown.cancel();
        loop.stop();
    });
    const std::string standing = fmt::format("{} mappings", config.mappings.size());
    log.write(LogLevel::info, "daemon.ready",
              {{"version", CERTFERRY_VERSION},
               {"mappings", std::to_string(config.mappings.size())},
               {"state_dir", config.daemon.state_dir.string()}});
    manager.ready(standing);
    loop.run();
    log.write(LogLevel::info, "daemon.stopped", {{"exit_code", std::to_string(exit_code)}});
    return exit_code;
}

}  // namespace certferry
