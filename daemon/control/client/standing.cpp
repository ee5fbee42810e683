// SPDX-License-Identifier: MIT
#include "control/client/standing.hpp"

#include "config/nearest.hpp"
#include "control/client/table.hpp"

#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace certferry::client {
namespace {

namespace json = boost::json;

Result<Standing> standing_of(Journal& journal, const MappingName& mapping, const TargetKey& target,
                             WallTime now) {
    Standing standing;
    standing.mapping = mapping;
    standing.target = target;
    auto succession = journal.succession(target, now);
    if (!succession) return succession.error();
    standing.succession = std::move(*succession);
    auto latest = journal.rotations(target, 1);
    if (!latest) return latest.error();
    if (!latest->empty()) standing.latest = std::move(latest->front());
    auto history = journal.history(target);
    if (!history) return history.error();
    standing.history = std::move(*history);
    return standing;
}

std::string valid_until(const Standing& standing) {
    const auto& certificate = standing.succession.head().certificate;
    return certificate ? to_utc_day(certificate->not_after) : "not known yet";
}

json::object to_json(const Standing& standing) {
    const SuccessionEntry& head = standing.succession.head();
    json::object target{{"mapping", standing.mapping.str()},
                        {"account", standing.target.account.str()},
                        {"old_cert_id", standing.target.configured_id.str()},
                        {"deployed_id", head.id.str()},
                        {"says", phrase(standing)}};
    if (head.certificate) {
        target["deployed_fingerprint"] = head.certificate->fingerprint.str();
        target["deployed_valid_until"] = to_utc(head.certificate->not_after);
    }
    if (const auto& latest = standing.latest) {
        target["stage"] = to_text(latest->stage);
        if (latest->pause) {
            target["pause"] = to_text(latest->pause->kind);
            target["reason"] = latest->pause->reason;
            target["detail"] = latest->pause->detail;
        }
    }
    return target;
}

}  // namespace

Result<void> check_known(const config::Config& config, const std::optional<MappingName>& only) {
    if (!only) return {};
    std::vector<std::string_view> names;
    for (const config::Mapping& mapping : config.mappings) names.emplace_back(mapping.name.str());
    if (std::find(names.begin(), names.end(), only->str()) != names.end()) return {};

    const auto near = config::nearest(only->str(), names);
    return Error(Errc::config_invalid, fmt::format("no mapping is named \"{}\"", only->str()))
        .with_remedy(near ? fmt::format("did you mean \"{}\"?", *near)
                          : fmt::format("there are: {}", fmt::join(names, ", ")));
}

Result<std::vector<Standing>> standings(Journal& journal, const config::Config& config,
                                        const std::optional<MappingName>& only, WallTime now) {
    std::vector<Standing> all;
    for (const config::Mapping& mapping : config.mappings) {
        if (only && mapping.name != *only) continue;
        for (const config::Target& target : mapping.targets) {
            auto standing = standing_of(journal, mapping.name, {target.account, target.old_cert_id}, now);
            if (!standing) return standing.error();
            all.push_back(std::move(*standing));
        }
    }
    return all;
}

std::string phrase(const Standing& standing) {
    if (!standing.latest) return "no renewal seen yet";
    const Rotation& rotation = *standing.latest;
    if (const auto& pause = rotation.pause) {
        if (pause->kind == PauseKind::waiting)
            return fmt::format("waiting until {}: {}", to_utc(pause->next_attempt), pause->detail);
        return fmt::format("{}: {}", to_text(pause->kind), pause->detail);
    }
    if (rotation.stage == Stage::done) return fmt::format("deployed and proven {}", to_utc(rotation.changed));
    return fmt::format("{} since {}", to_text(rotation.stage), to_utc(rotation.changed));
}

std::string status_table(const std::vector<Standing>& standings) {
    std::vector<TableRow> rows;
    rows.reserve(standings.size());
    for (const Standing& standing : standings)
        rows.push_back({standing.mapping.str(), standing.target.account.str(),
                        standing.target.configured_id.str(), standing.succession.head().id.str(),
                        valid_until(standing), phrase(standing)});
    return table({"MAPPING", "ACCOUNT", "OLD_CERT_ID", "DEPLOYED", "VALID UNTIL", "STATE"}, rows);
}

std::string status_json(const std::vector<Standing>& standings) {
    json::array targets;
    for (const Standing& standing : standings) targets.push_back(to_json(standing));
    return json::serialize(json::object{{"version", 1}, {"targets", std::move(targets)}}) + '\n';
}

}  // namespace certferry::client
