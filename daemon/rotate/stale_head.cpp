// SPDX-License-Identifier: MIT
#include "rotate/stale_head.hpp"

#include "rotate/advance.hpp"
#include "rotate/bindings.hpp"
#include "rotate/plan.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace certferry {
namespace {

constexpr std::size_t rotations_looked_at = 100;

/// What the journal knows of a target's past.
struct Past {
    std::vector<Rotation> rotations;  // newest first
    Succession succession;

    // Where the head was bound when it was last seen to be.
    BindingSet places() const {
        for (const Rotation& rotation : rotations)
            if (rotation.stage == Stage::done && !rotation.bindings.empty()) return rotation.bindings;
        return {};
    }

    bool knows(const CertificateId& id, const CertificateFacts& certificate) const {
        const auto& entries = succession.entries;
        return std::any_of(entries.begin(), entries.end(),
                           [&](const auto& entry) { return entry.id == id; }) ||
               std::any_of(rotations.begin(), rotations.end(), [&](const Rotation& rotation) {
                   return same_certificate(rotation.bundle, certificate);
               });
    }
};

Result<Past> past_of(RotationPorts& ports, const Rotation& rotation) {
    Past past;
    Result<std::vector<Rotation>> rotations = ports.journal.rotations(rotation.target, rotations_looked_at);
    if (!rotations) return rotations.error();
    past.rotations = std::move(*rotations);
    Result<Succession> succession = ports.journal.succession(rotation.target, ports.clock.now());
    if (!succession) return succession.error();
    past.succession = std::move(*succession);
    return past;
}

// Those of the wanted bindings at whose places there is none.
BindingSet missing_from(const BindingSet& there, const BindingSet& wanted) {
    BindingSet missing = wanted;
    std::erase_if(missing,
                  [&](const Binding& binding) { return find_place(there, binding.place) != nullptr; });
    return missing;
}

Error unbound(const Rotation& rotation) {
    return {Errc::unbound,
            fmt::format("{} is bound to no listener: there is nothing to replace", rotation.old_id.str())};
}

std::set<CertificateId> ids_of(const std::map<Place, CertificateId>& occupants) {
    std::set<CertificateId> ids;
    for (const auto& [place, id] : occupants) ids.insert(id);
    return ids;
}

Error several(const Rotation& rotation, const std::set<CertificateId>& ids) {
    std::vector<std::string> names;
    names.reserve(ids.size());
    for (const CertificateId& id : ids) names.push_back(id.str());
    return {Errc::head_stale,
            fmt::format("{} is bound to no listener any more; where it was, there are now {}",
                        rotation.old_id.str(), fmt::join(names, ", "))};
}

Error strange(const Rotation& rotation, const BindingSet& places, const CertificateId& id,
              const CertificateFacts& certificate) {
    return {
        Errc::head_stale,
        fmt::format("{} is bound to no listener any more; {} now has {} ({}, until {}), which certferry did "
                    "not put there",
                    rotation.old_id.str(), to_text(std::vector(places.begin(), places.end())), id.str(),
                    certificate.names.empty() ? "without a name" : certificate.names.front(),
                    to_utc_day(certificate.not_after))};
}

// Where the rotation's new id is, which may be bound as another target's, as far as these places go.
Awaitable<Result<BindingSet>> new_id_at(RotationPorts& ports, const Rotation& rotation,
                                        const BindingSet& places) {
    if (!rotation.new_id || places.empty()) co_return BindingSet();
    co_return co_await ports.cloud.bindings_beside(*rotation.new_id, places);
}

// Whether the head was bound again in the place of `occupant`.
Awaitable<Result<bool>> gather_at(RotationPorts& ports, const Rotation& rotation, const Past& past,
                                  const Binding& binding, const CertificateId& occupant) {
    const Result<CertificateFacts> certificate = co_await ports.cloud.describe(occupant);
    if (!certificate) co_return certificate.error();
    const std::string what = fmt::format("{} has {} in the place of {}", to_text({binding}), occupant.str(),
                                         rotation.old_id.str());
    if (!past.knows(occupant, *certificate) || same_certificate(rotation.bundle, *certificate)) {
        log_rotation(ports.log, LogLevel::warning, "place_left", rotation,
                     what + ", not by certferry: it stays");
        co_return false;
    }
    Result<RequestId> bound = co_await ports.cloud.bind(binding, rotation.old_id);
    if (!bound && bound.error().code() == Errc::api_not_found) co_return false;
    if (!bound) co_return bound.error();
    log_rotation(ports.log, LogLevel::warning, "head_gathered", rotation, what + ": bound again");
    co_return true;
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

Awaitable<Result<void>> follow_head(RotationPorts& ports, Rotation& rotation) {
    const Result<Past> past = past_of(ports, rotation);
    if (!past) co_return past.error();
    const BindingSet places = past->places();
    if (places.empty()) co_return unbound(rotation);
    const Result<BindingSet> on_new = co_await new_id_at(ports, rotation, places);
    if (!on_new) co_return on_new.error();
    if (missing_from(*on_new, places).empty())
        co_return advance(ports, rotation, Stage::accepted,
                          fmt::format("{} is bound in its place already", rotation.new_id->str()));

    const Result<std::map<Place, CertificateId>> occupants = co_await ports.cloud.occupants(places);
    if (!occupants) co_return occupants.error();
    const std::set<CertificateId> ids = ids_of(*occupants);
    // Found where it was, but not by asking for its bindings: in a region that is not looked at.
    if (ids.empty() || ids.contains(rotation.old_id)) co_return unbound(rotation);
    if (ids.size() > 1) co_return several(rotation, ids);

    const CertificateId found = *ids.begin();
    const Result<CertificateFacts> certificate = co_await ports.cloud.describe(found);
    if (!certificate) co_return certificate.error();
    if (same_certificate(rotation.bundle, *certificate)) {
        rotation.new_id = found;
        co_return advance(ports, rotation, Stage::accepted,
                          fmt::format("{} is this certificate, and bound already", found.str()));
    }
    if (!past->knows(found, *certificate)) co_return strange(rotation, places, found, *certificate);
    co_return adopt(ports, rotation, found, *certificate);
}

Awaitable<Result<bool>> gather_head(RotationPorts& ports, const Rotation& rotation,
                                    const BindingSet& on_old) {
    const Result<Past> past = past_of(ports, rotation);
    if (!past) co_return past.error();
    BindingSet missing = missing_from(on_old, past->places());
    const Result<BindingSet> on_new = co_await new_id_at(ports, rotation, missing);
    if (!on_new) co_return on_new.error();
    missing = missing_from(*on_new, missing);
    if (missing.empty()) co_return false;
    const Result<std::map<Place, CertificateId>> occupants = co_await ports.cloud.occupants(missing);
    if (!occupants) co_return occupants.error();

    bool gathered = false;
    for (const Binding& binding : missing) {
        const auto occupant = occupants->find(binding.place);
        if (occupant == occupants->end() || occupant->second == rotation.old_id) continue;
        Result<bool> here = co_await gather_at(ports, rotation, *past, binding, occupant->second);
        if (!here) co_return here;
        gathered = gathered || *here;
    }
    co_return gathered;
}

}  // namespace certferry
