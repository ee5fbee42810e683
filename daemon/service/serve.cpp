// SPDX-License-Identifier: MIT
#include "service/serve.hpp"

#include "service/asio_shutdown.hpp"
#include "service/world.hpp"
#include "systemd/sd_notify.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

namespace certferry {
namespace {

namespace asio = boost::asio;

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
    AsioShutdown shutdown(loop, log, config.daemon.shutdown_grace, [&] {
        manager.stopping("coming to rest");
        supervisor.stop();
    });

    // What is cut short has not come to its end; a daemon that was asked to go has.
    int exit_code = once ? traits(Errc::interrupted).exit_code : 0;
    asio::co_spawn(loop, run(supervisor, once), [&](const std::exception_ptr& thrown, int code) {
        if (thrown) std::rethrow_exception(thrown);
        exit_code = code;
        shutdown.cancel();
        loop.stop();
    });
    const std::string standing =
        fmt::format("{} mapping{}", config.mappings.size(), config.mappings.size() == 1 ? "" : "s");
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
