// SPDX-License-Identifier: MIT
#include "control/client/local.hpp"

#include "base/asio_clock.hpp"
#include "base/exit_codes.hpp"
#include "base/posix_files.hpp"
#include "base/posix_machine.hpp"
#include "bundle/posix_trust.hpp"
#include "bundle/read.hpp"
#include "config/find_mapping.hpp"
#include "config/toml_loader.hpp"
#include "report/history_json.hpp"
#include "report/snapshot_json.hpp"
#include "store/sqlite_journal.hpp"
#include "watch/places.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

namespace certferry::client {
namespace {

namespace json = boost::json;
using control::Answer;
using control::Command;

Answer ending_with(int exit_code) {
    Answer answer;
    answer.exit_code = exit_code;
    return answer;
}

// That the journal cannot be read matters because no daemon runs, which would be asked instead.
Error without_daemon(const Error& unreadable, const config::Config& config) {
    if (unreadable.code() != Errc::file_missing)
        return unreadable.within("certferryd does not run; its journal");
    return {Errc::daemon_unreachable, fmt::format("certferryd does not run, and there is no journal in {}",
                                                  config.daemon.state_dir.string())};
}

Result<json::object> ask_journal(const config::Config& config, const control::Request& request) {
    if (request.mapping)
        if (const auto known = config::find_mapping(config, *request.mapping); !known) return known.error();
    auto journal = SqliteJournal::open_read_only(config.daemon.state_dir);
    if (!journal) return without_daemon(journal.error(), config);
    const WallTime now = AsioClock().now();
    if (request.command == Command::history) return history_json(*journal, config, request.mapping, now);
    const auto snapshot = journal_snapshot(*journal, config, request.mapping, now);
    if (!snapshot) return snapshot.error();
    return to_json(*snapshot);
}

json::object check(std::string subject, const Result<void>& seen, std::string_view well) {
    return {{"subject", std::move(subject)},
            {"finding", seen ? "ok" : "failure"},
            {"says", seen ? std::string(well) : describe(seen.error())}};
}

Result<void> look_at_files(const config::Mapping& mapping) {
    const PosixFiles files;
    const auto bundle = read_latest(files, places_of(files, mapping.lineage), mapping.kind);
    if (!bundle) return bundle.error();
    return {};
}

Answer examine(const config::Config& config) {
    json::array checks;
    checks.push_back({{"subject", "daemon"},
                      {"finding", "failure"},
                      {"says", "certferryd does not run: systemctl start certferryd"}});
    const auto trust = load_trust(config);
    checks.push_back(check("configuration", trust ? Result<void>() : trust.error(), "valid"));
    for (const config::Mapping& mapping : config.mappings)
        checks.push_back(
            check("files of " + mapping.name.str(), look_at_files(mapping), "can be read, as this user"));
    Answer answer = ending_with(exit_unreachable);
    answer.result = {{"version", 1}, {"checks", std::move(checks)}};
    return answer;
}

}  // namespace

std::optional<Answer> answer_without_daemon(const std::filesystem::path& config_file,
                                            const control::Request& request, std::ostream& complaints) {
    const bool from_journal = request.command == Command::status || request.command == Command::history;
    if (!from_journal && request.command != Command::doctor) return std::nullopt;
    const auto config = config::load_or_complain(config_file, complaints);
    if (!config) return ending_with(exit_config);
    if (!from_journal) return examine(*config);
    auto result = ask_journal(*config, request);
    if (!result) return control::failed(result.error());
    Answer answer;
    answer.result = std::move(*result);
    return answer;
}

void add_own_checks(json::object& doctor) {
    json::value* const checks = doctor.if_contains("checks");
    if (checks == nullptr || !checks->is_array()) return;
    const auto right = clock_synchronised();
    if (!right) return;
    checks->get_array().push_back(
        {{"subject", "clock"},
         {"finding", *right ? "ok" : "warning"},
         {"says", *right ? "kept right by a time service"
                         : "no time service keeps it right: timedatectl set-ntp true"}});
}

}  // namespace certferry::client
