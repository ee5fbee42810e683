// SPDX-License-Identifier: MIT
// certferry: what people ask. It reads the journal beside a running daemon, or without one.
#include "base/asio_clock.hpp"
#include "base/exit_codes.hpp"
#include "bundle/posix_trust.hpp"
#include "config/example.hpp"
#include "config/render.hpp"
#include "config/toml_loader.hpp"
#include "control/client/history.hpp"
#include "control/client/standing.hpp"
#include "store/sqlite_journal.hpp"

#include <filesystem>
#include <iostream>

#include <CLI/CLI.hpp>

namespace certferry::client {
namespace {

struct Arguments {
    std::filesystem::path config = "/etc/certferry/certferry.toml";
    std::string output = "table";
    std::string mapping;
};

int complain(const Error& error) {
    std::cerr << "certferry: " << describe(error) << '\n';
    return traits(error.code()).exit_code;
}

using Show = std::string (*)(const std::vector<Standing>&);

int show_standings(const Arguments& arguments, Show as_table, Show as_json) {
    const auto config = config::load_or_complain(arguments.config, std::cerr);
    if (!config) return exit_config;
    const auto only =
        arguments.mapping.empty() ? std::nullopt : std::optional(MappingName(arguments.mapping));
    if (const auto known = check_known(*config, only); !known) return complain(known.error());
    auto journal = SqliteJournal::open_read_only(config->daemon.state_dir);
    if (!journal) return complain(journal.error());

    const auto found = standings(*journal, *config, only, AsioClock().now());
    if (!found) return complain(found.error());
    std::cout << (arguments.output == "json" ? as_json : as_table)(*found);
    return 0;
}

int check_config(const Arguments& arguments) {
    const auto config = config::load_or_complain(arguments.config, std::cerr);
    if (!config) return exit_config;
    if (const auto trust = load_trust(*config); !trust) return complain(trust.error());
    std::cout << "the configuration is valid: " << config->mappings.size() << " mapping"
              << (config->mappings.size() == 1 ? "" : "s") << '\n';
    return 0;
}

int show_config(const Arguments& arguments) {
    const auto config = config::load_or_complain(arguments.config, std::cerr);
    if (!config) return exit_config;
    std::cout << config::render(*config);
    return 0;
}

int run(int argc, char** argv) {
    Arguments arguments;
    CLI::App app("Shows what certferryd does with the certificates of Tencent Cloud load balancers.",
                 "certferry");
    app.set_version_flag("--version", CERTFERRY_VERSION);
    app.require_subcommand(1);
    app.add_option("--config", arguments.config, "The daemon's configuration")
        ->type_name("FILE")
        ->capture_default_str();
    app.add_option("-o,--output", arguments.output, "How to show it")
        ->check(CLI::IsMember({"table", "json"}))
        ->capture_default_str();

    auto* const status = app.add_subcommand("status", "What is deployed, what is next, and why");
    status->add_option("mapping", arguments.mapping, "Only this mapping");
    auto* const history = app.add_subcommand("history", "The succession of ids, and every attempt");
    history->add_option("mapping", arguments.mapping, "Only this mapping");
    auto* const config = app.add_subcommand("config", "The configuration")->require_subcommand(1);
    auto* const check = config->add_subcommand("check", "Say whether it is valid, or all that is wrong");
    auto* const show = config->add_subcommand("show", "What is in force, defaults included");
    auto* const example = config->add_subcommand("example", "A commented example with every key");
    for (auto* const command : {status, history, config, check, show, example}) command->fallthrough();

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& failure) {
        return app.exit(failure) == 0 ? 0 : exit_usage;
    }
    if (*status) return show_standings(arguments, status_table, status_json);
    if (*history) return show_standings(arguments, history_text, history_json);
    if (*check) return check_config(arguments);
    if (*show) return show_config(arguments);
    std::cout << config::example();
    return 0;
}

}  // namespace
}  // namespace certferry::client

int main(int argc, char** argv) {
    return certferry::client::run(argc, argv);
}
