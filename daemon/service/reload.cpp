// SPDX-License-Identifier: MIT
#include "service/reload.hpp"

#include "bundle/posix_trust.hpp"
#include "cloud/posix_credentials.hpp"
#include "config/toml_loader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace certferry {
namespace {

using config::Config;

Error refusal(const std::vector<config::Problem>& problems) {
    std::string text = "the configuration is refused, the one before stays in force:";
    for (const config::Problem& problem : problems) text += "\n" + config::format(problem);
    while (text.ends_with('\n')) text.pop_back();
    return {Errc::config_invalid, std::move(text)};
}

// The first line is for the log; the rest shows the places.
std::string first_problem(const Error& error) {
    const std::string& text = error.message();
    const std::size_t begin = text.find('\n');
    if (begin == std::string::npos) return describe(error);
    return text.substr(begin + 1, text.find('\n', begin + 1) - begin - 1);
}

std::string listed(const std::vector<MappingName>& names) {
    std::vector<std::string_view> texts;
    texts.reserve(names.size());
    for (const MappingName& name : names) texts.emplace_back(name.str());
    return fmt::format("{}", fmt::join(texts, ","));
}

}  // namespace

Reload::Reload(std::filesystem::path config_file, Supervisor& supervisor, const Files& files,
               std::optional<Confinement> confinement, Clock& clock, LeveledLog& log)
    : config_file_(std::move(config_file)),
      supervisor_(supervisor),
      files_(files),
      confinement_(std::move(confinement)),
      clock_(clock),
      log_(log) {}

ReloadOutcome Reload::run() {
    ReloadOutcome outcome = apply();
    note(outcome);
    return outcome;
}

ReloadOutcome Reload::apply() {
    ReloadOutcome outcome;
    config::Loaded loaded = config::load(config_file_);
    if (const auto* const problems = std::get_if<std::vector<config::Problem>>(&loaded)) {
        outcome.refused = refusal(*problems);
        return outcome;
    }
    const auto config = std::make_shared<const Config>(std::move(std::get<Config>(loaded)));
    const auto trust = load_trust(*config);
    if (!trust) {
        outcome.refused = trust.error();
        return outcome;
    }
    outcome.later = at_next_start(*config);
    const auto changes = supervisor_.apply(config, *trust);
    if (!changes) {
        outcome.refused = changes.error();
        return outcome;
    }
    outcome.changes = *changes;
    log_.set_least(parse_log_level(config->log.level).value_or(LogLevel::info));
    return outcome;
}

std::vector<std::string> Reload::at_next_start(const Config& config) const {
    std::vector<std::string> later = applied_later(supervisor_.config(), config);
    if (!confinement_) return later;
    const Confinement wanted = confinement_of(config, config_file_, files_, process_environment());
    for (std::string& need : beyond(*confinement_, wanted)) later.push_back(std::move(need));
    return later;
}

void Reload::note(const ReloadOutcome& outcome) {
    if (outcome.refused) {
        refused_ = RefusedReload{clock_.now(), outcome.refused->message()};
        log_.write(
            LogLevel::error, "config.refused",
            {{"reason", std::string(outcome.refused->label())}, {"detail", first_problem(*outcome.refused)}});
        return;
    }
    refused_.reset();
    log_.write(LogLevel::info, "config.reloaded",
               {{"added", listed(outcome.changes.added)},
                {"changed", listed(outcome.changes.changed)},
                {"removed", listed(outcome.changes.removed)},
                {"kept", std::to_string(outcome.changes.kept)},
                {"at_next_start", fmt::format("{}", fmt::join(outcome.later, ","))}});
}

std::vector<std::string> applied_later(const Config& before, const Config& after) {
    std::vector<std::string> keys;
    if (before.daemon.state_dir != after.daemon.state_dir) keys.emplace_back("daemon.state_dir");
    if (before.daemon.control_socket != after.daemon.control_socket)
        keys.emplace_back("daemon.control_socket");
    if (before.daemon.status_for_all != after.daemon.status_for_all)
        keys.emplace_back("daemon.status_for_all");
    if (before.daemon.shutdown_grace != after.daemon.shutdown_grace)
        keys.emplace_back("daemon.shutdown_grace");
    if (before.http.listen != after.http.listen) keys.emplace_back("http.listen");
    if (before.http.hosts != after.http.hosts) keys.emplace_back("http.hosts");
    if (before.log.format != after.log.format) keys.emplace_back("log.format");
    return keys;
}

}  // namespace certferry
