// SPDX-License-Identifier: MIT
#include "report/history_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace certferry {
namespace {

namespace json = boost::json;

json::object to_json(const SuccessionEntry& entry) {
    json::object object{{"id", entry.id.str()}, {"since", to_utc(entry.since)}};
    if (entry.certificate) {
        const Fingerprint& fingerprint = entry.certificate->fingerprint;
        if (!fingerprint.empty()) object["fingerprint"] = fingerprint.str();
        object["valid_until"] = to_utc(entry.certificate->not_after);
    }
    return object;
}

json::object to_json(const HistoryLine& line) {
    return {{"time", to_utc(line.at)},
            {"rotation", line.rotation},
            {"state", line.state},
            {"detail", line.detail}};
}

// Of each target: decades of renewals, or days of a failure.
constexpr std::size_t lines_told = 1000;

struct Followed {
    MappingName mapping;
    TargetKey target;
};

std::vector<Followed> followed(const config::Config& config, const std::optional<MappingName>& only) {
    std::vector<Followed> all;
    for (const config::Mapping& mapping : config.mappings) {
        if (only && mapping.name != *only) continue;
        for (const config::Target& target : mapping.targets)
            all.push_back({mapping.name, {target.account, target.old_cert_id}});
    }
    return all;
}

Result<json::object> history_of(Journal& journal, const Followed& followed, WallTime now) {
    const TargetKey& target = followed.target;
    const auto succession = journal.succession(target, now);
    if (!succession) return succession.error();
    auto lines = journal.history(target, lines_told + 1);
    if (!lines) return lines.error();
    const bool left_out = lines->size() > lines_told;
    if (left_out) lines->erase(lines->begin());

    json::array entries;
    for (const SuccessionEntry& entry : succession->entries) entries.push_back(to_json(entry));
    json::array steps;
    for (const HistoryLine& line : *lines) steps.push_back(to_json(line));
    return json::object{{"mapping", followed.mapping.str()},
                        {"account", target.account.str()},
                        {"old_cert_id", target.configured_id.str()},
                        {"succession", std::move(entries)},
                        {"history_left_out", left_out},
                        {"history", std::move(steps)}};
}

}  // namespace

Result<json::object> history_json(Journal& journal, const config::Config& config,
                                  const std::optional<MappingName>& only, WallTime now) {
    json::array targets;
    for (const Followed& one : followed(config, only)) {
        auto history = history_of(journal, one, now);
        if (!history) return history.error();
        targets.push_back(std::move(*history));
    }
    return json::object{{"version", 1}, {"targets", std::move(targets)}};
}

Awaitable<Result<std::vector<std::string>>> history_text(Journal& journal, const config::Config& config,
                                                         std::optional<MappingName> only, WallTime now,
                                                         Slices& slices) {
    std::vector<std::string> pieces = {R"({"version":1,"targets":[)"};
    const char* comma = "";
    const std::vector<Followed> all = followed(config, only);  // a reload may replace the configuration
    for (const Followed& one : all) {
        const auto history = history_of(journal, one, now);
        if (!history) co_return history.error();
        pieces.push_back(comma + json::serialize(*history));
        comma = ",";
        co_await slices.breathe();
    }
    pieces.emplace_back("]}");
    co_return pieces;
}

}  // namespace certferry
