// SPDX-License-Identifier: MIT
// certferryd: the command line of the daemon.
#include "base/exit_codes.hpp"
#include "base/posix_process.hpp"
#include "base/sd_journal_sink.hpp"
#include "base/spdlog_log.hpp"
#include "bundle/posix_trust.hpp"
#include "config/render.hpp"
#include "config/toml_loader.hpp"
#include "service/serve.hpp"

#include <filesystem>
#include <iostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace certferry {
namespace {

struct Arguments {
    std::filesystem::path config = "/etc/certferry/certferry.toml";
    bool check = false;
    bool once = false;
};

int check(const config::Config& config) {
    if (const auto trust = load_trust(config); !trust) {
        std::cerr << "certferryd: " << trust.error() << '\n';
        return traits(trust.error().code()).exit_code;
    }
    std::cout << config::render(config);
    return 0;
}

LogStyle style_of(config::LogFormat format) {
    if (format == config::LogFormat::json) return LogStyle::json;
    return format == config::LogFormat::journal && stderr_is_journal() ? LogStyle::journal : LogStyle::text;
}

int run(const Arguments& arguments) {
    harden_process();
    auto config = config::load_or_complain(arguments.config, std::cerr);
    if (!config) return exit_config;
    if (arguments.check) return check(*config);

    SpdlogLog log(parse_log_level(config->log.level).value_or(LogLevel::info), style_of(config->log.format));
    const int exit_code = serve(arguments.config, *std::move(config), log, arguments.once);
    if (const auto dropped = log.dropped(); dropped > 0)
        log.write(LogLevel::warning, "log.dropped", {{"lines", std::to_string(dropped)}});
    return exit_code;
}

}  // namespace
}  // namespace certferry

int main(int argc, char** argv) {
    certferry::Arguments arguments;
    CLI::App app("Carries renewed TLS certificates to Tencent Cloud load balancers.", "certferryd");
    app.add_option("--config", arguments.config, "The configuration; *.toml in conf.d beside it are read too")
        ->type_name("FILE")
        ->capture_default_str();
    app.add_flag("--check", arguments.check, "Check the configuration, print what is in force, and exit");
    app.add_flag("--once", arguments.once, "Try each target once, and exit with the truth about it");
    app.set_version_flag("--version", CERTFERRY_VERSION);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& failure) {
        return app.exit(failure) == 0 ? 0 : certferry::exit_usage;
    }
    return certferry::run(arguments);
}
