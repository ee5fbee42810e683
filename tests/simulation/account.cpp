// SPDX-License-Identifier: MIT
#include "simulation/account.hpp"

#include <algorithm>
#include <set>

namespace certferry::simulation {
namespace {

using namespace std::chrono_literals;

Error not_found(const CertificateId& id) {
    return {Errc::api_not_found, id.str() + " is not in the account"};
}

Error at_work() {
    return {Errc::api_busy, "the load balancer is at work on another change"};
}

std::string shown(const Place& place) {
    return place.load_balancer + "/" + place.listener;
}

}  // namespace

CertificateId Seat::last_certificate() const {
    const auto last =
        std::find_if(bound.rbegin(), bound.rend(), [](const Had& had) { return !had.id.empty(); });
    return last == bound.rend() ? CertificateId() : last->id;
}

bool Seat::had(const CertificateId& id, SteadyTime since) const {
    for (std::size_t index = 0; index < bound.size(); ++index) {
        const bool over_before = index + 1 < bound.size() && bound[index + 1].since < since;
        if (bound[index].id == id && !over_before) return true;
    }
    return false;
}

Result<std::optional<CertificateId>> Account::find(const Upload& certificate) const {
    for (const auto& [id, kept] : certificates) {
        const bool listed = ports_.timeline.now() >= kept.since + manners_.listed_after;
        if (listed && kept.upload.alias == certificate.alias &&
            kept.upload.certificate.fingerprint == certificate.certificate.fingerprint)
            return std::optional(id);
    }
    return std::optional<CertificateId>();
}

Result<CertificateId> Account::upload(const Upload& certificate) {
    return add(certificate, true);
}

Result<RequestId> Account::replace(const ChangingCall& call) {
    if (call.new_id && !certificates.contains(*call.new_id)) return not_found(*call.new_id);
    std::map<std::string, Places> balancers;
    for (const auto& [place, seat] : seats)
        if (seat.id() == call.old_id) balancers[place.load_balancer].push_back(place);
    if (balancers.empty() && !manners_.yes_to_unbound)
        return Error(Errc::api_invalid, call.old_id.str() + " is bound nowhere");
    if (busy(balancers)) return at_work();
    if (ports_.weather.strikes(Fault::busy)) {
        if (ports_.chance.one_in(8)) at_work_until = ports_.timeline.now() + ports_.chance.between(1min, 6h);
        return at_work();
    }

    auto kept = std::make_shared<ChangingCall>(call);
    if (call.contents) kept->new_id = add(*call.contents, true);
    if (ports_.weather.strikes(Fault::silent_no_op)) return begin_task(ports_.timeline.now());
    if (balancers.size() > 1 && ports_.weather.strikes(Fault::split))
        balancers.erase(std::next(balancers.begin()), balancers.end());
    return begin_task(move(balancers, kept));
}

Result<RequestId> Account::bind(const ChangingCall& call) {
    const auto seat = seats.find(call.binding->place);
    if (seat == seats.end()) return Error(Errc::api_not_found, shown(call.binding->place) + " is not there");
    if (!certificates.contains(*call.new_id)) return not_found(*call.new_id);
    if (busy({{call.binding->place.load_balancer, {}}})) return at_work();
    seat->second.binding.ssl_mode = call.binding->ssl_mode;
    put(call.binding->place, *call.new_id, &call);
    return begin_task(ports_.timeline.now());
}

Result<void> Account::mute(const std::vector<CertificateId>&) {
    return {};
}

Result<RequestId> Account::remove(const CertificateId& id) {
    const bool bound =
        std::any_of(seats.begin(), seats.end(), [&](const auto& entry) { return entry.second.id() == id; });
    if (bound) return Error(Errc::api_in_use, id.str() + " is bound");
    if (certificates.erase(id) == 0) return not_found(id);
    return RequestId();
}

Result<TaskReport> Account::task(const RequestId& request) const {
    TaskReport report;
    const auto found = tasks_.find(request);
    if (found == tasks_.end()) return report;
    report.state = ports_.timeline.now() < found->second.ends ? TaskState::running : found->second.how;
    return report;
}

Result<std::map<CertificateId, BindingSet>> Account::bindings(const std::vector<CertificateId>& ids) const {
    std::map<CertificateId, BindingSet> answer;
    for (const CertificateId& id : ids) {
        BindingSet& there = answer[id];
        for (const auto& [place, seat] : seats)
            if (seat.id() == id) there.insert(seat.binding);
    }
    return answer;
}

Result<BindingSet> Account::bindings_beside(const CertificateId& id, const BindingSet& places) const {
    std::set<std::string> balancers;
    for (const Binding& binding : places) balancers.insert(binding.place.load_balancer);
    BindingSet answer;
    for (const auto& [place, seat] : seats)
        if (seat.id() == id && balancers.contains(place.load_balancer)) answer.insert(seat.binding);
    return answer;
}

Result<std::map<Place, CertificateId>> Account::occupants(const BindingSet& places) const {
    std::map<Place, CertificateId> answer;
    for (const Binding& binding : places)
        if (const auto seat = seats.find(binding.place); seat != seats.end() && !seat->second.id().empty())
            answer[binding.place] = seat->second.id();
    return answer;
}

Result<CertificateFacts> Account::describe(const CertificateId& id) const {
    const auto found = certificates.find(id);
    if (found == certificates.end()) return not_found(id);
    CertificateFacts facts = found->second.upload.certificate;
    if (!found->second.by_certferry && !manners_.tells_fingerprints) facts.fingerprint = Fingerprint();
    return facts;
}

// The cloud has one entry for one certificate, whoever brings it and how often.
CertificateId Account::add(const Upload& certificate, bool by_certferry) {
    for (const auto& [id, kept] : certificates)
        if (kept.by_certferry == by_certferry && kept.upload.alias == certificate.alias &&
            kept.upload.certificate.fingerprint == certificate.certificate.fingerprint)
            return id;
    const CertificateId id(fmt::format("{}{:04}", name_.str(), ++ids_));
    certificates.emplace(id, Kept{certificate, by_certferry, ports_.timeline.now()});
    ports_.story.tell(name_.str(), "{} is stored as {}",
                      certificate.alias.empty() ? "a certificate" : certificate.alias, id.str());
    return id;
}

void Account::put(const Place& place, const CertificateId& id, const ChangingCall* by) {
    const auto seat = seats.find(place);
    if (seat == seats.end() || seat->second.id() == id) return;
    PlaceChange change;
    change.account = name_;
    change.place = place;
    change.before = seat->second.last_certificate();
    change.after = id;
    change.by = by;
    ports_.story.tell(name_.str(), "{} now has {}", shown(place), id.empty() ? "no certificate" : id.str());
    if (!id.empty()) ports_.changed(change);
    seat->second.bound.push_back({id, ports_.timeline.now()});
}

std::optional<CertificateFacts> Account::served_at(const Place& place) const {
    const auto seat = seats.find(place);
    if (seat == seats.end()) return std::nullopt;
    const SteadyTime visible = ports_.timeline.now() - manners_.served_after;
    std::optional<CertificateFacts> served;
    for (const Seat::Had& had : seat->second.bound) {
        if (had.since > visible && served) break;
        const auto kept = certificates.find(had.id);
        if (kept != certificates.end()) served = kept->second.upload.certificate;
    }
    return served;
}

bool Account::busy(const std::map<std::string, Places>& balancers) const {
    if (ports_.timeline.now() < at_work_until) return true;
    return std::any_of(balancers.begin(), balancers.end(), [&](const auto& entry) {
        const auto until = busy_until_.find(entry.first);
        return until != busy_until_.end() && until->second > ports_.timeline.now();
    });
}

SteadyTime Account::move(const std::map<std::string, Places>& balancers,
                         const std::shared_ptr<const ChangingCall>& call) {
    SteadyTime time = ports_.timeline.now();
    for (const auto& entry : balancers) {
        const Places places = entry.second;
        if (manners_.at_once) {
            unbind(places, *call);
            bind_unbound(places, *call);
            continue;
        }
        time += ports_.chance.between(50ms, 3s);
        ports_.timeline.at(time, [this, places, call] { unbind(places, *call); });
        time += ports_.chance.between(50ms, 2s);
        ports_.timeline.at(time, [this, places, call] { bind_unbound(places, *call); });
        busy_until_[entry.first] = time;
    }
    return time;
}

void Account::unbind(const Places& places, const ChangingCall& call) {
    for (const Place& place : places)
        if (const auto seat = seats.find(place); seat != seats.end() && seat->second.id() == call.old_id)
            put(place, CertificateId(), &call);
}

void Account::bind_unbound(const Places& places, const ChangingCall& call) {
    for (const Place& place : places) {
        const auto seat = seats.find(place);
        if (seat == seats.end() || !seat->second.id().empty()) continue;
        if (ports_.weather.strikes(Fault::lost_binding)) continue;
        if (ports_.weather.strikes(Fault::altered_binding)) seat->second.binding.ssl_mode = "unidirectional";
        put(place, *call.new_id, &call);
    }
}

RequestId Account::begin_task(SteadyTime ends) {
    const RequestId request(fmt::format("{}-request-{}", name_.str(), tasks_.size() + 1));
    Task task;
    task.ends = ends;
    if (ports_.weather.strikes(Fault::stuck_task)) task.ends = SteadyTime::max();
    if (ports_.weather.strikes(Fault::failed_task)) task.how = TaskState::failed;
    tasks_.emplace(request, task);
    return manners_.tells_tasks ? request : RequestId();
}

}  // namespace certferry::simulation
