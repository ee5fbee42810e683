// SPDX-License-Identifier: MIT
// certferry: what people and hooks ask of the daemon; and what can be answered without it.
#include "base/exit_codes.hpp"
#include "config/toml_loader.hpp"
#include "config/words.hpp"
#include "control/client/asio_call.hpp"
#include "control/client/config_command.hpp"
#include "control/client/local.hpp"
#include "control/client/tables.hpp"

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>

#include <CLI/CLI.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <unistd.h>

namespace certferry::client {
namespace {

using control::Answer;
using control::Command;
using control::Request;

struct Arguments {
    std::filesystem::path config = "/etc/certferry/certferry.toml";
    std::string socket;
    std::string output = "table";
    std::string mapping;
    std::string lineage;
    std::string certificate;
    std::string level;
    std::string timeout = "5m";
    bool watch = false;
    bool anew = false;
    bool notify = false;
    bool wait = false;
};

Form form_of(const Arguments& arguments) {
    return arguments.output == "json" ? Form::json : Form::table;
}

bool at_terminal(int descriptor) {
    return ::isatty(descriptor) == 1;
}

Paint paint() {
    return at_terminal(STDOUT_FILENO) && std::getenv("NO_COLOR") == nullptr ? Paint::colours : Paint::none;
}

int complain(const Error& error) {
    std::cerr << "certferry: " << describe(error) << '\n';
    return traits(error.code()).exit_code;
}

std::filesystem::path socket_of(const Arguments& arguments) {
    return arguments.socket.empty() ? config::control_socket_in(arguments.config)
                                    : std::filesystem::path(arguments.socket);
}

// The directory that an ACME client has renewed: certbot tells its hooks by the environment.
std::optional<std::filesystem::path> lineage_of(const Arguments& arguments) {
    if (!arguments.lineage.empty()) return std::filesystem::absolute(arguments.lineage);
    const char* const renewed = std::getenv("RENEWED_LINEAGE");
    if (renewed == nullptr || *renewed == '\0') return std::nullopt;
    return std::filesystem::absolute(renewed);
}

Request request_of(Command command, const Arguments& arguments) {
    Request request;
    request.command = command;
    if (!arguments.mapping.empty()) request.mapping = MappingName(arguments.mapping);
    if (command == Command::notify) request.lineage = lineage_of(arguments);
    if (!arguments.certificate.empty()) request.certificate = CertificateId(arguments.certificate);
    request.level = arguments.level;
    request.anew = arguments.anew;
    request.notify = arguments.notify;
    request.wait = arguments.wait;
    request.timeout = parse_duration(arguments.timeout).value_or(request.timeout);
    return request;
}

// What only looks answers at once; what calls the cloud has its time.
Duration patience_for(const Request& request) {
    constexpr Duration at_once = std::chrono::seconds(15);
    constexpr Duration with_calls = std::chrono::minutes(10);
    if (request.wait) return request.timeout + at_once;
    return control::traits(request.command).only_tells ? at_once : with_calls;
}

// A line that is written over and over, for a person who waits.
void show_progress(Duration waited) {
    if (at_terminal(STDERR_FILENO)) std::cerr << "\r\x1b[Kwaiting, " << to_rough_text(waited) << std::flush;
}

void clear_progress() {
    if (at_terminal(STDERR_FILENO)) std::cerr << "\r\x1b[K" << std::flush;
}

Error told_about_hooks(const Error& error, Command command) {
    if (command != Command::notify || error.code() != Errc::daemon_unreachable) return error;
    return error.with_remedy("the renewal is not lost: certferryd looks at every file when it starts");
}

Answer ask(const Arguments& arguments, const Request& request) {
    auto answer = call(socket_of(arguments), request, patience_for(request), show_progress);
    clear_progress();
    if (answer) {
        if (request.command == Command::doctor) add_own_checks(answer->result);
        return std::move(*answer);
    }
    if (answer.error().code() == Errc::daemon_unreachable) {
        if (auto local = answer_without_daemon(arguments.config, request, std::cerr)) {
            if (local->exit_code == 0)
                std::cerr << "certferryd does not run; this is what its journal says\n";
            return std::move(*local);
        }
    }
    return control::failed(told_about_hooks(answer.error(), request.command));
}

std::string shown(const Arguments& arguments, Command command, const Answer& answer) {
    if (form_of(arguments) == Form::table) return text_of(command, answer.result, paint());
    return answer.result.empty() ? "" : boost::json::serialize(answer.result) + '\n';
}

int carry_out(const Arguments& arguments, Command command) {
    const Answer answer = ask(arguments, request_of(command, arguments));
    std::cout << shown(arguments, command, answer) << std::flush;
    if (!answer.error.empty()) std::cerr << "certferry: " << answer.error << '\n';
    return answer.exit_code;
}

// Shows the status whenever it changes, until it is interrupted or the daemon ends.
int watch_status(const Arguments& arguments) {
    const Request request = request_of(Command::status, arguments);
    std::string last;
    for (;;) {
        const auto answer = call(socket_of(arguments), request, patience_for(request), [](Duration) {});
        if (!answer) return complain(answer.error());
        if (answer->exit_code != 0) {
            std::cerr << "certferry: " << answer->error << '\n';
            return answer->exit_code;
        }
        Answer timeless = *answer;
        timeless.result.erase("taken");
        const std::string now = shown(arguments, Command::status, timeless);
        if (now != last)
            std::cout << (at_terminal(STDOUT_FILENO) ? "\x1b[H\x1b[2J" : "") << now << std::flush;
        last = now;
        ::sleep(1);
    }
}

// The command line: which command was given, once it is parsed.
class CommandLine {
public:
    CommandLine() {
        app_.set_version_flag("--version", CERTFERRY_VERSION);
        app_.require_subcommand(1);
        app_.add_option("--config", arguments_.config, "The daemon's configuration")
            ->type_name("FILE")
            ->capture_default_str();
        app_.add_option("--socket", arguments_.socket, "The daemon's socket; unless given, as configured")
            ->type_name("FILE");
        app_.add_option("-o,--output", arguments_.output, "How to show it")
            ->check(CLI::IsMember({"table", "json"}))
            ->capture_default_str();
        add_commands();
        add_config();
    }

    int run(int argc, char** argv) {
        try {
            app_.parse(argc, argv);
        } catch (const CLI::ParseError& failure) {
            return app_.exit(failure) == 0 ? 0 : exit_usage;
        }
        if (*check_) return check_config(arguments_.config, form_of(arguments_));
        if (*show_) return show_config(arguments_.config, form_of(arguments_));
        if (*example_) return show_example(form_of(arguments_));
        for (const auto& [command, given] : commands_) {
            if (!*given) continue;
            return arguments_.watch ? watch_status(arguments_) : carry_out(arguments_, command);
        }
        return exit_usage;
    }

private:
    CLI::App* add(Command command, const std::string& says) {
        CLI::App* const added = app_.add_subcommand(std::string(control::traits(command).name), says);
        added->fallthrough();
        commands_[command] = added;
        return added;
    }

    void add_mapping(CLI::App* command, bool required) {
        command
            ->add_option("mapping", arguments_.mapping, required ? "The mapping's name" : "Only this mapping")
            ->required(required);
    }

    void add_waiting(CLI::App* command) {
        command->add_flag("--wait", arguments_.wait,
                          "Wait until it is proven, or cannot be; the exit code says which");
        command->add_option("--timeout", arguments_.timeout, "How long to wait")
            ->type_name("DURATION")
            ->check([](const std::string& text) {
                const auto duration = parse_duration(text);
                const bool fits =
                    duration && *duration > Duration::zero() && *duration <= control::timeout_max;
                return fits ? std::string() : "write a whole number and a unit, up to 1h: \"90s\"";
            })
            ->capture_default_str();
    }

    void add_commands() {
        auto* const status = add(Command::status, "What is deployed, what is next, and why");
        add_mapping(status, false);
        status->add_flag("--watch", arguments_.watch, "Show it again whenever it changes");
        add_mapping(add(Command::history, "The succession of ids, and every attempt"), false);
        add_mapping(add(Command::plan, "What would be done now, and the load balancers it would touch"),
                    false);
        add_mapping(add(Command::probe, "What the mapping's endpoints serve, by a TLS handshake"), true);
        add(Command::doctor, "Look at what certferry needs: files, watches, endpoints, rights")
            ->add_flag("--notify", arguments_.notify, "Send a test by each notifier");
        auto* const notify = add(Command::notify, "For hooks: a certificate was renewed");
        notify
            ->add_option("--lineage", arguments_.lineage,
                         "The directory that was renewed; unless given, $RENEWED_LINEAGE, or all")
            ->type_name("DIR");
        add_waiting(notify);
        auto* const rotate =
            add(Command::rotate, "Look now, and try at once what waits, is held or rejected");
        add_mapping(rotate, true);
        rotate->add_flag("--force", arguments_.anew,
                         "Prove again what is deployed; go forward again after a rollback");
        add_waiting(rotate);
        add_mapping(add(Command::pause, "Begin no rotation by itself until resume"), true);
        add_mapping(add(Command::resume, "Let rotations begin by themselves again"), true);
        add_mapping(add(Command::rollback, "Go back to the previous id of the succession"), true);
        auto* const adopt = add(Command::adopt, "State the head of the succession by hand");
        add_mapping(adopt, true);
        adopt->add_option("--cert-id", arguments_.certificate, "The id that the load balancers use")
            ->type_name("ID")
            ->required();
        add(Command::log_level, "Which lines the daemon logs from now on")
            ->add_option("level", arguments_.level, "The least important ones")
            ->check(CLI::IsMember(
                std::vector<std::string>(config::log_level_words.begin(), config::log_level_words.end())))
            ->required();
        add(Command::reload, "Put the changed configuration in force; the exit code is the verdict");
    }

    void add_config() {
        auto* const config = app_.add_subcommand("config", "The configuration")->require_subcommand(1);
        check_ = config->add_subcommand("check", "Say whether it is valid, or all that is wrong");
        show_ = config->add_subcommand("show", "What is in force, defaults included");
        example_ = config->add_subcommand("example", "A commented example with every key");
        for (auto* const command : {config, check_, show_, example_}) command->fallthrough();
    }

    Arguments arguments_;
    CLI::App app_{
        "Shows and steers what certferryd does with the certificates of Tencent Cloud load balancers.",
        "certferry"};
    std::map<Command, CLI::App*> commands_;
    CLI::App* check_ = nullptr;
    CLI::App* show_ = nullptr;
    CLI::App* example_ = nullptr;
};

}  // namespace
}  // namespace certferry::client

int main(int argc, char** argv) {
    return certferry::client::CommandLine().run(argc, argv);
}
