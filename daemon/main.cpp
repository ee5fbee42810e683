// SPDX-License-Identifier: MIT
// certferryd: the command line of the daemon.
#include "base/posix_process.hpp"
#include "base/spdlog_log.hpp"
#include "config/render.hpp"
#include "config/toml_loader.hpp"
#include "service/serve.hpp"

#include <filesystem>
#include <iostream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace certferry {
namespace {

constexpr int exit_usage = 2;
constexpr int exit_config = 4;

struct Arguments {
    std::filesystem::path config = "/etc/certferry/certferry.toml";
    bool check = false;
    bool once = false;
};

LogLevel least_level(const std::string& level) {
    if (level == "debug") return LogLevel::debug;
    if (level == "warning") return LogLevel::warning;
    if (level == "error") return LogLevel::error;
    return LogLevel::info;
}

int run(const Arguments& arguments) {
    harden_process();
    const config::Loaded loaded = config::load(arguments.config);
    if (const auto* const problems = std::get_if<std::vector<config::Problem>>(&loaded)) {
        for (const config::Problem& problem : *problems) std::cerr << config::format(problem);
        return exit_config;
    }
    const auto& config = std::get<config::Config>(loaded);
    if (arguments.check) {
        std::cout << config::render(config);
        return 0;
    }
    const LogStyle style = config.log.format == config::LogFormat::json ? LogStyle::json : LogStyle::text;
    SpdlogLog log(least_level(config.log.level), style);
    return serve(config, log, arguments.once);
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
