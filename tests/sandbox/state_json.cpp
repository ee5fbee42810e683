// SPDX-License-Identifier: MIT
#include "state_json.hpp"

namespace certferry::sandbox {
namespace {

namespace json = boost::json;

std::int64_t ms(WallTime time) {
    return time.time_since_epoch().count();
}

const char* to_text(Uploader uploader) {
    return uploader == Uploader::api ? "api" : "admin";
}

json::object to_json(const StoredCertificate& certificate) {
    return {{"id", certificate.id.str()},
            {"alias", certificate.alias},
            {"type", std::string(to_text(certificate.type))},
            {"fingerprint", certificate.summary.fingerprint.str()},
            {"not_after", to_utc(certificate.summary.not_after)},
            {"uploader", to_text(certificate.uploader)}};
}

json::object to_json(const Bound& bound) {
    return {{"at_ms", ms(bound.at)},
            {"cert_id", bound.cert_id.str()},
            {"fingerprint", bound.fingerprint.str()},
            {"ca_id", bound.ca_id.str()}};
}

json::object to_json(const Listener& listener) {
    json::array history;
    for (const Bound& bound : listener.history) history.push_back(to_json(bound));
    return {{"load_balancer", listener.load_balancer},
            {"listener", listener.id},
            {"region", listener.region},
            {"ssl_mode", listener.mutual ? "mutual" : "unidirectional"},
            {"cert_id", listener.cert_id.str()},
            {"ca_id", listener.ca_id.str()},
            {"port", listener.port},
            {"history", std::move(history)}};
}

json::object to_json(const Replaced& replaced) {
    json::array listeners;
    for (const std::string& listener : replaced.listeners) listeners.emplace_back(listener);
    return {{"old", replaced.old_id.str()},
            {"new", replaced.new_id.str()},
            {"at_ms", ms(replaced.at)},
            {"listeners", std::move(listeners)}};
}

json::object to_json(const Uploaded& uploaded) {
    return {{"id", uploaded.id.str()},
            {"fingerprint", uploaded.fingerprint.str()},
            {"alias", uploaded.alias},
            {"uploader", to_text(uploaded.uploader)},
            {"at_ms", ms(uploaded.at)}};
}

json::object to_json(const LoggedCall& call) {
    json::object parameters;
    for (const auto& [name, value] : call.parameters) parameters[name] = value;
    return {{"number", call.number},    {"at_ms", ms(call.arrived)},
            {"action", call.action},    {"parameters", std::move(parameters)},
            {"code", call.code},        {"fault", call.fault},
            {"answered", call.answered}};
}

json::object to_json(const Fault& fault) {
    return {{"kind", std::string(to_text(fault.kind))},
            {"action", fault.action},
            {"after", fault.after},
            {"times", fault.times}};
}

template <class Range>
json::array all_to_json(const Range& range) {
    json::array array;
    for (const auto& element : range) array.push_back(to_json(element));
    return array;
}

json::object counters_json(const CallLog& log) {
    json::object counters;
    for (const auto& [action, outcomes] : log.counters()) {
        json::object counts;
        for (const auto& [outcome, count] : outcomes) counts[outcome] = count;
        counters[action] = std::move(counts);
    }
    return counters;
}

}  // namespace

json::object state_json(const World& world) {
    return {{"certificates", all_to_json(world.store.certificates())},
            {"listeners", all_to_json(world.store.listeners())},
            {"replacements", all_to_json(world.store.replacements())},
            {"uploads", all_to_json(world.store.uploads())},
            {"calls", counters_json(world.calls)}};
}

json::array requests_json(const CallLog& log) {
    return all_to_json(log.calls());
}

json::array faults_json(const Faults& faults) {
    return all_to_json(faults.pending());
}

}  // namespace certferry::sandbox
