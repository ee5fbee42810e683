// SPDX-License-Identifier: MIT
#include "state_json.hpp"

namespace certferry::sandbox {
namespace {

namespace json = boost::json;

std::int64_t ms(WallTime time) {
    return time.time_since_epoch().count();
}

std::int64_t us(std::chrono::steady_clock::time_point time) {
    return std::chrono::floor<std::chrono::microseconds>(time).time_since_epoch().count();
}

const char* to_text(Uploader uploader) {
    return uploader == Uploader::api ? "api" : "admin";
}

const char* to_text(TaskState state) {
    switch (state) {
        case TaskState::running:
            return "running";
        case TaskState::done:
            return "done";
        case TaskState::failed:
            return "failed";
        case TaskState::in_use:
            return "in_use";
    }
    return "";
}

json::object to_json(const StoredCertificate& certificate) {
    return {{"id", certificate.id.str()},
            {"alias", certificate.alias},
            {"type", std::string(to_text(certificate.type))},
            {"fingerprint", certificate.summary.fingerprint.str()},
            {"not_after", to_utc(certificate.summary.not_after)},
            {"uploader", to_text(certificate.uploader)},
            {"muted", certificate.muted}};
}

json::array to_json(const std::vector<std::string>& texts) {
    json::array array;
    for (const std::string& text : texts) array.emplace_back(text);
    return array;
}

json::array to_json(const std::vector<CertificateId>& ids) {
    json::array array;
    for (const CertificateId& id : ids) array.emplace_back(id.str());
    return array;
}

json::object to_json(const Bound& bound) {
    return {{"at_ms", ms(bound.at)},
            {"domain", bound.domain},
            {"cert_id", bound.cert_id.str()},
            {"fingerprint", bound.fingerprint.str()},
            {"ext_ids", to_json(bound.ext_ids)},
            {"ca_id", bound.ca_id.str()}};
}

json::object to_json(const Served& served) {
    return {{"ssl_mode", served.mutual() ? "mutual" : "unidirectional"},
            {"ssl_verify_client", served.clients == ClientCertificates::optional ? "optional" : "on"},
            {"cert_id", served.cert_id.str()},
            {"ext_ids", to_json(served.ext_ids)},
            {"ca_id", served.ca_id.str()}};
}

json::object to_json(const Rule& rule) {
    json::object object = to_json(rule.served);
    object["domains"] = to_json(rule.domains);
    return object;
}

json::object to_json(const LoadBalancer& load_balancer) {
    return {{"load_balancer", load_balancer.id},
            {"region", load_balancer.region},
            {"classic", load_balancer.classic}};
}

json::object to_json(const Task& task) {
    json::array load_balancers;
    for (const std::string& load_balancer : task.load_balancers) load_balancers.emplace_back(load_balancer);
    return {{"id", task.id}, {"state", to_text(task.state)}, {"load_balancers", std::move(load_balancers)}};
}

json::object to_json(const Listener& listener) {
    json::array rules;
    for (const Rule& rule : listener.rules) rules.push_back(to_json(rule));
    json::array history;
    for (const Bound& bound : listener.history) history.push_back(to_json(bound));
    json::object object = to_json(listener.served);
    object["load_balancer"] = listener.load_balancer;
    object["listener"] = listener.id;
    object["protocol"] = listener.protocol;
    object["port"] = listener.port;
    object["sni"] = listener.sni;
    object["rules"] = std::move(rules);
    object["history"] = std::move(history);
    return object;
}

json::object to_json(const Replaced& replaced) {
    return {{"old", replaced.old_id.str()},
            {"new", replaced.new_id.str()},
            {"at_ms", ms(replaced.at)},
            {"listeners", to_json(replaced.listeners)}};
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
    return {{"number", call.number},
            {"at_ms", ms(call.arrived)},
            {"first_byte_us", us(call.first_byte)},
            {"action", call.action},
            {"parameters", std::move(parameters)},
            {"code", call.code},
            {"fault", call.fault},
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

json::object counts_json(const std::map<std::string, unsigned>& counts) {
    json::object object;
    for (const auto& [name, count] : counts) object[name] = count;
    return object;
}

json::object counters_json(const CallLog& log) {
    json::object counters;
    for (const auto& [action, outcomes] : log.counters()) counters[action] = counts_json(outcomes);
    return counters;
}

}  // namespace

json::object state_json(const World& world) {
    return {{"certificates", all_to_json(world.store.certificates())},
            {"load_balancers", all_to_json(world.store.load_balancers())},
            {"listeners", all_to_json(world.store.listeners())},
            {"tasks", all_to_json(world.store.tasks())},
            {"replacements", all_to_json(world.store.replacements())},
            {"uploads", all_to_json(world.store.uploads())},
            {"calls", counters_json(world.calls)},
            {"throttled", counts_json(world.limits.refused())}};
}

json::array requests_json(const CallLog& log) {
    return all_to_json(log.calls());
}

json::array faults_json(const Faults& faults) {
    return all_to_json(faults.pending());
}

}  // namespace certferry::sandbox
