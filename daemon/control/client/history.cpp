// SPDX-License-Identifier: MIT
#include "control/client/history.hpp"

#include "control/client/table.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace certferry::client {
namespace {

namespace json = boost::json;

std::string succession_table(const Succession& succession) {
    std::vector<TableRow> rows;
    for (const SuccessionEntry& entry : succession.entries) {
        const auto& certificate = entry.certificate;
        rows.push_back({entry.id.str(), to_utc(entry.since),
                        certificate ? to_utc_day(certificate->not_after) : "not known",
                        certificate ? certificate->fingerprint.str() : "not known"});
    }
    return table({"CERTIFICATE ID", "SINCE", "VALID UNTIL", "SHA-256 OF THE LEAF"}, rows);
}

std::string steps_table(const std::vector<HistoryLine>& history) {
    std::vector<TableRow> rows;
    rows.reserve(history.size());
    for (const HistoryLine& line : history)
        rows.push_back({to_utc(line.at), std::to_string(line.rotation), line.state, line.detail});
    return table({"TIME", "ROTATION", "STATE", "DETAIL"}, rows);
}

json::object to_json(const SuccessionEntry& entry) {
    json::object object{{"id", entry.id.str()}, {"since", to_utc(entry.since)}};
    if (entry.certificate) {
        object["fingerprint"] = entry.certificate->fingerprint.str();
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

json::object to_json(const Standing& standing) {
    json::array succession;
    for (const SuccessionEntry& entry : standing.succession.entries) succession.push_back(to_json(entry));
    json::array history;
    for (const HistoryLine& line : standing.history) history.push_back(to_json(line));
    return {{"mapping", standing.mapping.str()},
            {"account", standing.target.account.str()},
            {"old_cert_id", standing.target.configured_id.str()},
            {"succession", std::move(succession)},
            {"history", std::move(history)}};
}

}  // namespace

std::string history_text(const std::vector<Standing>& standings) {
    std::string text;
    for (const Standing& standing : standings) {
        if (!text.empty()) text += '\n';
        text += fmt::format("mapping {}, account {}, old_cert_id {}\n\n{}", standing.mapping.str(),
                            standing.target.account.str(), standing.target.configured_id.str(),
                            succession_table(standing.succession));
        if (!standing.history.empty()) text += '\n' + steps_table(standing.history);
    }
    return text;
}

std::string history_json(const std::vector<Standing>& standings) {
    json::array targets;
    for (const Standing& standing : standings) targets.push_back(to_json(standing));
    return json::serialize(json::object{{"version", 1}, {"targets", std::move(targets)}}) + '\n';
}

}  // namespace certferry::client
