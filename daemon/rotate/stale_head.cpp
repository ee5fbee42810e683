// SPDX-License-Identifier: MIT
#include "rotate/stale_head.hpp"

#include "rotate/advance.hpp"
#include "rotate/bindings.hpp"
#include "rotate/past.hpp"
#include "rotate/plan.hpp"
#include "rotate/siblings.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace certferry {
namespace {

Error unbound(const Rotation& rotation) {
    return {Errc::unbound,
            fmt::format("{} is bound to no listener: there is nothing to replace", rotation.old_id.str())};
}

/// A place of the target with a certificate that is not the head.
struct Stray {
    Binding binding;
    CertificateId id;
    CertificateFacts certificate;
    bool wanted = false;  // it is the rotation's own certificate
    bool ours = false;    // it is of this target's history, or of a sibling's
    bool later = false;   // it ends later than the rotation's certificate
};

// Where the rotation's new id is, which may be bound as another target's, as far as these places go.
Awaitable<Result<BindingSet>> new_id_at(RotationPorts& ports, const Rotation& rotation,
                                        const BindingSet& places) {
    if (!rotation.new_id || places.empty()) co_return BindingSet();
    co_return co_await ports.cloud.bindings_beside(*rotation.new_id, places);
}

// What is bound and yet not in the account is nobody's that is known.
Awaitable<Result<CertificateFacts>> facts_of(RotationPorts& ports, const CertificateId& id) {
    Result<CertificateFacts> certificate = co_await ports.cloud.describe(id);
    if (!certificate && certificate.error().code() == Errc::api_not_found) co_return CertificateFacts();
    co_return certificate;
}

// Found where it was, but not by asking for its bindings: in a region that is not looked at.
bool has_head(const std::map<Place, CertificateId>& occupants, const Rotation& rotation) {
    return std::any_of(occupants.begin(), occupants.end(),
                       [&](const auto& entry) { return entry.second == rotation.old_id; });
}

Result<bool> of_history(RotationPorts& ports, const Target& target, const Past& past, const CertificateId& id,
                        const CertificateFacts& certificate) {
    if (past.knows(id, certificate)) return true;
    return siblings_know(ports, target, id, certificate);
}

Awaitable<Result<std::vector<Stray>>> look_at(RotationPorts& ports, const Target& target,
                                              const Rotation& rotation, const Past& past,
                                              const BindingSet& places,
                                              const std::map<Place, CertificateId>& occupants) {
    std::map<CertificateId, CertificateFacts> known;
    std::vector<Stray> strays;
    for (const Binding& binding : places) {
        const auto occupant = occupants.find(binding.place);
        if (occupant == occupants.end() || occupant->second == rotation.old_id) continue;
        const CertificateId& id = occupant->second;
        if (!known.contains(id)) {
            Result<CertificateFacts> certificate = co_await facts_of(ports, id);
            if (!certificate) co_return certificate.error();
            known[id] = std::move(*certificate);
        }
        const CertificateFacts& certificate = known.at(id);
        const bool wanted = same_certificate(rotation.bundle, certificate);
        const Result<bool> ours = of_history(ports, target, past, id, certificate);
        if (!ours) co_return ours.error();
        strays.push_back(
            {binding, id, certificate, wanted, *ours, certificate.not_after > rotation.bundle.not_after});
    }
    co_return strays;
}

std::string shown(const Rotation& rotation, const Stray& stray) {
    return fmt::format("{} has {} ({}, until {}) in the place of {}", to_text({stray.binding}),
                       stray.id.str(),
                       stray.certificate.names.empty() ? "without a name" : stray.certificate.names.front(),
                       to_utc_day(stray.certificate.not_after), rotation.old_id.str());
}

Error strange(const Rotation& rotation, const Stray& stray) {
    return {Errc::head_stale,
            fmt::format("{} is bound to no listener any more; {}, which certferry did not put there",
                        rotation.old_id.str(), shown(rotation, stray))};
}

// What somebody else has put in the place of the head stays there, and is named once in each rotation.
void leave(RotationPorts& ports, const Rotation& rotation, const std::vector<Stray>& strays) {
    for (const Stray& stray : strays)
        if (!stray.ours && !stray.wanted)
            log_rotation(ports.log, LogLevel::warning, "place_left", rotation,
                         shown(rotation, stray) + ", not by certferry: it stays");
}

// Nothing takes the place of a certificate that ends later.
void leave_later(RotationPorts& ports, const Rotation& rotation, const Stray& stray) {
    log_rotation(ports.log, LogLevel::warning, "place_left", rotation,
                 shown(rotation, stray) + ", which ends later: it stays until somebody binds another");
}

// The wanted certificate is there already, at some of the places or at all: the proof looks at all that are
// ours.
Result<void> take_for_done(RotationPorts& ports, Rotation& rotation, const CertificateId& id,
                           BindingSet places, const std::vector<Stray>& strays) {
    for (const Stray& stray : strays)
        if (!stray.ours && !stray.wanted) places.erase(stray.binding);
    Rotation next = rotation;
    // What somebody else has uploaded is theirs, whatever this rotation uploaded before.
    next.uploaded = rotation.uploaded && rotation.new_id == id;
    next.new_id = id;
    next.bindings = std::move(places);
    if (auto written =
            advance(ports, next, Stage::accepted, fmt::format("{} is bound in its place already", id.str()));
        !written)
        return written;
    rotation = std::move(next);
    return {};
}

// Those of the places that another target is moving, and that are without a certificate then for a moment.
Result<BindingSet> between_two(RotationPorts& ports, const Target& target, const BindingSet& places,
                               const std::map<Place, CertificateId>& occupants) {
    const Result<std::vector<Rotation>> moving = moving_siblings(ports, target);
    if (!moving) return moving.error();
    BindingSet between;
    for (const Binding& binding : places) {
        const auto moves_it = [&](const Rotation& sibling) {
            return find_place(sibling.bindings, binding.place) != nullptr;
        };
        if (!occupants.contains(binding.place) && std::any_of(moving->begin(), moving->end(), moves_it))
            between.insert(binding);
    }
    return between;
}

Result<void> adopt(RotationPorts& ports, Rotation& rotation, const CertificateId& id,
                   const CertificateFacts& certificate) {
    Rotation next = rotation;
    next.old_id = id;
    next.changed = ports.clock.now();
    const SuccessionEntry found{id, certificate, next.changed, std::nullopt};
    const std::string detail = fmt::format("{} was bound in the place of {} by somebody else: followed",
                                           id.str(), rotation.old_id.str());
    if (auto written = ports.journal.adopt(next, found, detail); !written) return written;
    rotation = std::move(next);
    log_rotation(ports.log, LogLevel::warning, "head_followed", rotation, detail);
    return {};
}

}  // namespace

Awaitable<Result<void>> follow_head(RotationPorts& ports, const Target& target, Rotation& rotation) {
    const Result<Past> past = past_of(ports.journal, rotation.target, ports.clock.now());
    if (!past) co_return past.error();
    BindingSet places = past->places();
    if (places.empty()) places = rotation.bindings;  // of a first rotation, when it began
    if (places.empty()) co_return unbound(rotation);
    const Result<BindingSet> on_new = co_await new_id_at(ports, rotation, places);
    if (!on_new) co_return on_new.error();
    if (missing_from(*on_new, places).empty())
        co_return take_for_done(ports, rotation, *rotation.new_id, places, {});

    const Result<std::map<Place, CertificateId>> occupants = co_await ports.cloud.occupants(places);
    if (!occupants) co_return occupants.error();
    if (occupants->empty() || has_head(*occupants, rotation)) co_return unbound(rotation);
    const Result<std::vector<Stray>> strays =
        co_await look_at(ports, target, rotation, *past, places, *occupants);
    if (!strays) co_return strays.error();
    leave(ports, rotation, *strays);
    const auto wanted =
        std::find_if(strays->begin(), strays->end(), [](const Stray& stray) { return stray.wanted; });
    if (wanted != strays->end()) co_return take_for_done(ports, rotation, wanted->id, places, *strays);
    const auto ours =
        std::find_if(strays->begin(), strays->end(), [](const Stray& stray) { return stray.ours; });
    if (ours != strays->end()) co_return adopt(ports, rotation, ours->id, ours->certificate);
    const Result<BindingSet> between = between_two(ports, target, places, *occupants);
    if (!between) co_return between.error();
    co_return between->empty() ? strange(rotation, strays->front()) : unbound(rotation);
}

Awaitable<Result<BindingSet>> strayed(RotationPorts& ports, const Target& target, const Rotation& rotation,
                                      const BindingSet& on_old) {
    const Result<Past> past = past_of(ports.journal, rotation.target, ports.clock.now());
    if (!past) co_return past.error();
    BindingSet missing = missing_from(on_old, past->places());
    const Result<BindingSet> on_new = co_await new_id_at(ports, rotation, missing);
    if (!on_new) co_return on_new.error();
    BindingSet result = missing;
    missing = missing_from(*on_new, missing);
    for (const Binding& binding : missing) result.erase(binding);
    if (missing.empty()) co_return result;
    const Result<std::map<Place, CertificateId>> occupants = co_await ports.cloud.occupants(missing);
    if (!occupants) co_return occupants.error();
    const Result<std::vector<Stray>> strays =
        co_await look_at(ports, target, rotation, *past, missing, *occupants);
    if (!strays) co_return strays.error();
    leave(ports, rotation, *strays);
    for (const Stray& stray : *strays) {
        if (!stray.ours || stray.wanted) continue;
        if (stray.later)
            leave_later(ports, rotation, stray);
        else
            result.insert(stray.binding);
    }
    const Result<BindingSet> between = between_two(ports, target, missing, *occupants);
    if (!between) co_return between.error();
    result.insert(between->begin(), between->end());
    co_return result;
}

Awaitable<Result<bool>> head_is_stale(RotationPorts& ports, const TargetKey& target) {
    const Result<Past> past = past_of(ports.journal, target, ports.clock.now());
    if (!past) co_return past.error();
    const BindingSet places = past->places();
    if (places.empty()) co_return false;
    const Result<BindingSet> there = co_await ports.cloud.bindings_beside(past->succession.head().id, places);
    if (!there) co_return there.error();
    co_return !missing_from(*there, places).empty();
}

Awaitable<Result<std::optional<CertificateId>>> wanted_id_at(RotationPorts& ports, const Target& target,
                                                             const Rotation& rotation,
                                                             const BindingSet& places) {
    const Result<Past> past = past_of(ports.journal, rotation.target, ports.clock.now());
    if (!past) co_return past.error();
    const Result<std::map<Place, CertificateId>> occupants = co_await ports.cloud.occupants(places);
    if (!occupants) co_return occupants.error();
    const Result<std::vector<Stray>> strays =
        co_await look_at(ports, target, rotation, *past, places, *occupants);
    if (!strays) co_return strays.error();
    for (const Stray& stray : *strays)
        if (stray.wanted) co_return std::optional(stray.id);
    co_return std::optional<CertificateId>();
}

Awaitable<Result<bool>> may_be_replaced(RotationPorts& ports, const Target& target, const Rotation& rotation,
                                        const CertificateId& id) {
    const Result<Past> past = past_of(ports.journal, rotation.target, ports.clock.now());
    if (!past) co_return past.error();
    const Result<CertificateFacts> certificate = co_await facts_of(ports, id);
    if (!certificate) co_return certificate.error();
    if (certificate->not_after > rotation.bundle.not_after) co_return false;
    co_return of_history(ports, target, *past, id, *certificate);
}

}  // namespace certferry
