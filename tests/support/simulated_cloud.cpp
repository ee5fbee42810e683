// SPDX-License-Identifier: MIT
#include "support/simulated_cloud.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

namespace certferry::tests {
namespace {

constexpr auto every_binding = std::numeric_limits<std::size_t>::max();

Error lost() {
    return {Errc::answer_lost, "simulated: the answer was lost"};
}
Error refusal() {
    const Error error(Errc::api_internal, "simulated: try later");
    return error.with_api({"InternalError", "try later", RequestId("refused-1")});
}
Error unreachable() {
    return {Errc::unreachable, "simulated: no connection"};
}
Error busy() {
    return {Errc::api_busy, "simulated: another change is under way"};
}
Error unsupported() {
    return {Errc::api_unsupported, "simulated: cannot do that"};
}

}  // namespace

Awaitable<Result<std::optional<CertificateId>>> SimulatedCloud::find(const Upload& certificate) {
    at("find");
    if (next_fault("find")) co_return refusal();
    for (const auto& [id, kept] : certificates) {
        const bool named = kept.alias.empty() || kept.alias == certificate.alias;
        if (!unlisted && named && kept.certificate.fingerprint == certificate.certificate.fingerprint)
            co_return std::optional(id);
    }
    co_return std::optional<CertificateId>();
}

Awaitable<Result<CertificateId>> SimulatedCloud::upload(const Upload& certificate) {
    at("upload");
    calls.push_back("upload " + certificate.alias);
    const auto fault = next_fault("upload");
    if (fault == Fault::refused) co_return refusal();
    if (fault == Fault::lost_before) co_return lost();
    if (fault == Fault::unreachable) co_return unreachable();
    if (fault == Fault::busy) co_return busy();
    if (fault == Fault::unsupported) co_return unsupported();
    if (fault == Fault::late) {
        late_ = [this, certificate] { store(certificate); };
        co_return lost();
    }
    const CertificateId id = store(certificate);
    at("upload done");
    if (fault == Fault::lost_after) co_return lost();
    co_return id;
}

Awaitable<Result<RequestId>> SimulatedCloud::replace(const CertificateId& old_id,
                                                     const Replacement& replacement,
                                                     const BindingSet& /*bindings*/) {
    at("replace");
    const auto* const content = std::get_if<Upload>(&replacement);
    calls.push_back(
        fmt::format("replace {} {}", old_id.str(),
                    content != nullptr ? content->alias : std::get<CertificateId>(replacement).str()));
    const auto fault = next_fault("replace");
    if (fault == Fault::refused) co_return refusal();
    if (fault == Fault::lost_before) co_return lost();
    if (fault == Fault::busy) co_return busy();
    if (fault == Fault::gone) co_return Error(Errc::api_not_found, "simulated: bound nowhere");
    if (fault == Fault::late) {
        const CertificateId late_id =
            content != nullptr ? store(*content) : std::get<CertificateId>(replacement);
        late_ = [this, old_id, late_id] { move(old_id, late_id, every_binding); };
        co_return lost();
    }
    if (fault != Fault::no_effect) {
        const CertificateId new_id =
            content != nullptr ? store(*content) : std::get<CertificateId>(replacement);
        if (fault == Fault::drops_bindings || fault == Fault::drops_quietly)
            std::erase_if(bound, [&](const auto& place) { return place.second == old_id; });
        else
            move(old_id, new_id,
                 fault == Fault::first_only || fault == Fault::first_then_busy ? 1 : every_binding);
        if (fault == Fault::resets_mode) modes.clear();
    }
    at("replace done");
    if (fault == Fault::first_then_busy)
        co_return Error(Errc::api_busy, "simulated: the second load balancer is at work");
    if (fault == Fault::lost_after || fault == Fault::drops_bindings) co_return lost();
    co_return RequestId(fmt::format("request-{}", calls.size()));
}

Awaitable<Result<TaskReport>> SimulatedCloud::task(const RequestId&) {
    at("task");
    if (next_fault("task")) co_return refusal();
    TaskReport report;
    report.state = TaskState::finished;
    co_return report;
}

Awaitable<Result<std::map<CertificateId, BindingSet>>> SimulatedCloud::bindings(
    const std::vector<CertificateId>& ids) {
    at("bindings");
    if (next_fault("bindings")) co_return refusal();
    std::map<CertificateId, BindingSet> answer;
    for (const CertificateId& id : ids) {
        BindingSet& there = answer[id];
        for (const auto& [place, certificate] : bound)
            if (certificate == id) there.insert(binding_at(place));
    }
    co_return answer;
}

Awaitable<Result<BindingSet>> SimulatedCloud::bindings_beside(const CertificateId& id,
                                                              const BindingSet& places) {
    at("bindings_beside");
    if (next_fault("bindings_beside")) co_return refusal();
    std::set<std::string> balancers;
    for (const Binding& binding : places) balancers.insert(binding.place.load_balancer);
    BindingSet answer;
    for (const auto& [place, certificate] : bound)
        if (certificate == id && balancers.contains(place.load_balancer)) answer.insert(binding_at(place));
    co_return answer;
}

Awaitable<Result<RequestId>> SimulatedCloud::bind(const Binding& binding, const CertificateId& id) {
    at("bind");
    calls.push_back(fmt::format("bind {} {}", binding.place.listener, id.str()));
    const auto fault = next_fault("bind");
    if (fault == Fault::refused) co_return refusal();
    if (fault == Fault::lost_before) co_return lost();
    if (fault == Fault::unsupported) co_return unsupported();
    if (fault == Fault::gone) co_return Error(Errc::api_not_found, "simulated: no such listener");
    bound[binding.place] = id;
    modes[binding.place] = binding;
    at("bind done");
    if (fault == Fault::lost_after) co_return lost();
    co_return RequestId(fmt::format("request-{}", calls.size()));
}

Awaitable<Result<std::map<Place, CertificateId>>> SimulatedCloud::occupants(const BindingSet& places) {
    at("occupants");
    if (next_fault("occupants")) co_return refusal();
    std::map<Place, CertificateId> answer;
    if (!tells_occupants) co_return answer;
    for (const Binding& binding : places)
        if (const auto found = bound.find(binding.place); found != bound.end())
            answer[found->first] = found->second;
    co_return answer;
}

Awaitable<Result<CertificateFacts>> SimulatedCloud::describe(const CertificateId& id) {
    at("describe");
    if (next_fault("describe")) co_return refusal();
    const auto found = certificates.find(id);
    if (found == certificates.end())
        co_return Error(Errc::api_not_found, id.str() + " is not in the account");
    co_return found->second.certificate;
}

Awaitable<Result<void>> SimulatedCloud::mute(const std::vector<CertificateId>& ids) {
    at("mute");
    if (next_fault("mute")) co_return refusal();
    muted.insert(ids.begin(), ids.end());
    co_return Result<void>();
}

Awaitable<Result<RequestId>> SimulatedCloud::remove(const CertificateId& id) {
    at("remove");
    calls.push_back("remove " + id.str());
    if (next_fault("remove")) co_return refusal();
    const bool in_use =
        std::any_of(bound.begin(), bound.end(), [&](const auto& place) { return place.second == id; });
    if (in_use) co_return Error(Errc::api_in_use, id.str() + " is bound");
    if (certificates.erase(id) == 0)
        co_return Error(Errc::api_not_found, id.str() + " is not in the account");
    co_return RequestId();
}

Awaitable<Result<TaskReport>> SimulatedCloud::removal(const RequestId& /*task*/) {
    TaskReport report;
    report.state = TaskState::finished;
    co_return report;
}

void SimulatedCloud::come_true() {
    if (late_) std::exchange(late_, nullptr)();
}

CertificateId SimulatedCloud::add(const std::string& id, const CertificateFacts& certificate) {
    certificates[CertificateId(id)].certificate = certificate;
    return CertificateId(id);
}

void SimulatedCloud::bind(const std::string& load_balancer, const std::string& listener,
                          const CertificateId& id) {
    bound[Place{load_balancer, listener, ""}] = id;
}

Binding SimulatedCloud::binding_at(const Place& place) const {
    if (const auto mode = modes.find(place); mode != modes.end()) return mode->second;
    Binding plain;
    plain.place = place;
    plain.region = "ap-guangzhou";
    plain.ssl_mode = "unidirectional";
    return plain;
}

std::optional<Fault> SimulatedCloud::next_fault(const std::string& call) {
    auto& waiting = faults[call];
    if (waiting.empty()) return std::nullopt;
    const Fault fault = waiting.front();
    waiting.pop_front();
    return fault;
}

CertificateId SimulatedCloud::store(const Upload& certificate) {
    CertificateId id(fmt::format("new{:05}", next_id_++));
    certificates[id] = certificate;
    return id;
}

void SimulatedCloud::move(const CertificateId& old_id, const CertificateId& new_id, std::size_t count) {
    std::size_t moved = 0;
    for (auto& [place, certificate] : bound) {
        if (certificate != old_id || moved == count) continue;
        certificate = new_id;
        ++moved;
    }
    if (moved > 0) moves.emplace_back(old_id, new_id);
}

}  // namespace certferry::tests
