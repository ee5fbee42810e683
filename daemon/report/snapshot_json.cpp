// SPDX-License-Identifier: MIT
#include "report/snapshot_json.hpp"

#include "report/phrase.hpp"
#include "report/standing.hpp"

#include <functional>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace certferry {
namespace {

namespace json = boost::json;

json::array to_json(const std::vector<NotifierState>& notifiers) {
    json::array array;
    for (const NotifierState& notifier : notifiers) {
        json::object object{
            {"name", notifier.name.str()}, {"delivered", notifier.delivered}, {"failed", notifier.failed}};
        if (notifier.last_delivery) object["last_delivery"] = to_utc(*notifier.last_delivery);
        if (notifier.failure) object["failure"] = describe(*notifier.failure);
        array.push_back(std::move(object));
    }
    return array;
}

json::value to_json(const std::optional<DaemonState>& daemon) {
    if (!daemon) return nullptr;
    json::object object{{"version", daemon->version},
                        {"started", to_utc(daemon->started)},
                        {"configured", to_utc(daemon->configured)}};
    if (daemon->refused) {
        object["reload_refused"] = to_utc(daemon->refused->at);
        object["reload_problem"] = daemon->refused->why;
    }
    object["notifiers"] = to_json(daemon->notifiers);
    return object;
}

// The cloud does not always say from when on a certificate is valid.
void tell_begin(json::object& object, std::string_view key, const CertificateFacts& certificate) {
    if (certificate.not_before != std::chrono::sys_seconds()) object[key] = to_utc(certificate.not_before);
}

void add_rotation(json::object& target, const Rotation& rotation) {
    target["stage"] = to_text(rotation.stage);
    target["failures"] = consecutive_failures(rotation);
    if (!rotation.pause) return;
    target["pause"] = to_text(rotation.pause->kind);
    target["reason"] = rotation.pause->reason;
    target["detail"] = rotation.pause->detail;
    if (rotation.pause->kind == PauseKind::waiting)
        target["next_attempt"] = to_utc(rotation.pause->next_attempt);
}

void add_disk(json::object& target, const MappingState& mapping) {
    if (mapping.on_disk) {
        target["on_disk_fingerprint"] = mapping.on_disk->fingerprint.str();
        tell_begin(target, "on_disk_valid_from", *mapping.on_disk);
        target["on_disk_valid_until"] = to_utc(mapping.on_disk->not_after);
    }
    if (mapping.trouble) {
        target["on_disk_reason"] = mapping.trouble->label();
        target["on_disk_detail"] = describe(*mapping.trouble);
    }
    if (mapping.on_hold) target["on_hold_since"] = to_utc(*mapping.on_hold);
}

json::object to_json(const EndpointState& state) {
    json::object endpoint{{"endpoint", state.endpoint}};
    if (const auto& served = state.sighting.served) {
        endpoint["seen"] = to_utc(*state.sighting.seen);
        endpoint["fingerprint"] = served->fingerprint.str();
        tell_begin(endpoint, "valid_from", *served);
        endpoint["valid_until"] = to_utc(served->not_after);
    }
    if (const auto& failure = state.sighting.failure) {
        endpoint["reason"] = failure->label();
        endpoint["detail"] = describe(*failure);
    }
    return endpoint;
}

void add_endpoints(json::object& target, const MappingState& mapping) {
    if (mapping.endpoints.empty()) return;
    json::array endpoints;
    for (const EndpointState& endpoint : mapping.endpoints) endpoints.push_back(to_json(endpoint));
    target["endpoints"] = std::move(endpoints);
}

json::object to_json(const MappingState& mapping, const TargetState& state) {
    json::object target{
        {"mapping", mapping.mapping.str()},       {"certificate", mapping.certificate},
        {"account", state.target.account.str()},  {"old_cert_id", state.target.configured_id.str()},
        {"deployed_id", state.deployed.id.str()}, {"state", to_text(standing(mapping, state))},
        {"says", phrase(mapping, state)}};
    if (const auto& certificate = state.deployed.certificate) {
        target["deployed_fingerprint"] = certificate->fingerprint.str();
        tell_begin(target, "deployed_valid_from", *certificate);
        target["deployed_valid_until"] = to_utc(certificate->not_after);
    }
    if (state.latest) add_rotation(target, *state.latest);
    if (state.proven) target["proven"] = to_utc(*state.proven);
    add_disk(target, mapping);
    add_endpoints(target, mapping);
    return target;
}

}  // namespace

json::object to_json(const Snapshot& snapshot) {
    json::array targets;
    for (const MappingState& mapping : snapshot.mappings)
        for (const TargetState& target : mapping.targets) targets.push_back(to_json(mapping, target));
    return {{"version", 1},
            {"taken", to_utc(snapshot.taken)},
            {"daemon", to_json(snapshot.daemon)},
            {"targets", std::move(targets)}};
}

Awaitable<SnapshotText> to_json_text(const Snapshot& snapshot, Slices& slices) {
    SnapshotText made;
    const std::string daemon = json::serialize(to_json(snapshot.daemon));
    std::size_t seen = std::hash<std::string>()(daemon);
    made.text =
        fmt::format(R"({{"version":1,"taken":"{}","daemon":{},"targets":[)", to_utc(snapshot.taken), daemon);
    std::string_view comma;
    for (const MappingState& mapping : snapshot.mappings) {
        for (const TargetState& target : mapping.targets) {
            const std::string one = json::serialize(to_json(mapping, target));
            seen = seen * 31 + std::hash<std::string>()(one);
            made.text += comma;
            made.text += one;
            comma = ",";
        }
        co_await slices.breathe();
    }
    made.text += "]}";
    made.tag = fmt::format("{:016x}", seen);
    co_return made;
}

}  // namespace certferry
