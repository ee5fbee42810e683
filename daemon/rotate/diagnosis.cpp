// SPDX-License-Identifier: MIT
#include "rotate/diagnosis.hpp"

#include "rotate/advance.hpp"
#include "rotate/siblings.hpp"
#include "rotate/stale_head.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include <fmt/format.h>

namespace certferry {
namespace {

using namespace std::chrono_literals;

constexpr auto look_again_after = 1s;

enum class Remedy {
    bind,
    wait,
    none,  // it is taken
};

/// A broken binding, and what is at its place now.
struct Sight {
    Binding binding;
    std::optional<CertificateId> occupant;  // where the API tells it
    std::optional<Binding>
        awaited;  // as another target expects it, which brings a certificate that ends later
};

std::optional<Binding> awaited_at(const std::vector<Rotation>& moving, const Rotation& rotation,
                                  const Place& place) {
    for (const Rotation& sibling : moving) {
        const Binding* const expected = find_place(sibling.bindings, place);
        if (expected != nullptr && sibling.bundle.not_after > rotation.bundle.not_after) return *expected;
    }
    return std::nullopt;
}

Awaitable<Result<std::vector<Sight>>> look_at(RotationPorts& ports, const Target& target,
                                              const Rotation& rotation,
                                              const std::vector<Binding>& bindings) {
    std::vector<Sight> sights;
    if (bindings.empty()) co_return sights;
    const BindingSet places(bindings.begin(), bindings.end());
    const Result<std::map<Place, CertificateId>> occupants = co_await ports.cloud.occupants(places);
    if (!occupants) co_return occupants.error();
    const Result<std::vector<Rotation>> moving = moving_siblings(ports, target);
    if (!moving) co_return moving.error();
    for (const Binding& binding : bindings) {
        Sight& sight = sights.emplace_back();
        sight.binding = binding;
        sight.awaited = awaited_at(*moving, rotation, binding.place);
        const auto occupant = occupants->find(binding.place);
        if (occupant != occupants->end()) sight.occupant = occupant->second;
    }
    co_return sights;
}

bool of_this_rotation(const Rotation& rotation, const std::optional<CertificateId>& id) {
    return id && (id == rotation.old_id || id == rotation.new_id);
}

Awaitable<Result<Remedy>> remedy_of_lost(RotationPorts& ports, const Target& target, const Rotation& rotation,
                                         const Sight& sight) {
    if (of_this_rotation(rotation, sight.occupant)) co_return Remedy::wait;
    if (sight.awaited) co_return Remedy::none;
    if (!sight.occupant) co_return Remedy::bind;
    const Result<bool> ours = co_await may_be_replaced(ports, target, rotation, *sight.occupant);
    if (!ours) co_return ours.error();
    if (!*ours) co_return Remedy::none;
    // Another certificate of ours makes room for the new one, but not for the old one.
    if (rotation.going_back()) co_return Remedy::none;
    co_return rotation.new_id ? Remedy::bind : Remedy::wait;
}

// The mode is put right with the certificate that is there: the new id has just been seen there. Where
// another target brings a later one, or has, only a person can do that, unless it knows how the mode was.
Remedy remedy_of_altered(RotationPorts& ports, const Rotation& rotation, const Sight& sight) {
    const bool there = !sight.occupant || of_this_rotation(rotation, sight.occupant);
    if (there && !sight.awaited) return Remedy::bind;
    if (sight.awaited == sight.binding) return Remedy::none;
    const std::string detail = fmt::format(
        "{}: its TLS mode{}, client CA or further certificate may not be what it was. Compare it in "
        "the console, and put it right there",
        to_text({sight.binding}),
        sight.binding.ssl_mode.empty() ? "" : fmt::format(" ({})", sight.binding.ssl_mode));
    log_rotation(ports.log, LogLevel::error, "mode_left", rotation, detail);
    return Remedy::none;
}

void note(Diagnosis& diagnosis, const Binding& binding, Remedy remedy) {
    if (remedy == Remedy::bind) diagnosis.to_bind.push_back(binding);
    if (remedy == Remedy::none) diagnosis.taken.push_back(binding);
}

Awaitable<Result<Diagnosis>> diagnose_once(RotationPorts& ports, const Target& target,
                                           const Rotation& rotation, const Movement& moves) {
    Diagnosis diagnosis;
    const auto lost = co_await look_at(ports, target, rotation, moves.lost);
    if (!lost) co_return lost.error();
    for (const Sight& sight : *lost) {
        const Result<Remedy> remedy = co_await remedy_of_lost(ports, target, rotation, sight);
        if (!remedy) co_return remedy.error();
        note(diagnosis, sight.binding, *remedy);
    }
    const auto altered = co_await look_at(ports, target, rotation, moves.altered);
    if (!altered) co_return altered.error();
    for (const Sight& sight : *altered)
        note(diagnosis, sight.binding, remedy_of_altered(ports, rotation, sight));
    co_return diagnosis;
}

}  // namespace

Awaitable<Result<Diagnosis>> diagnose(RotationPorts& ports, const Target& target, const Rotation& rotation,
                                      Movement moves) {
    Result<Diagnosis> first = co_await diagnose_once(ports, target, rotation, moves);
    if (!first || moves.lost.empty() || first->to_bind.empty()) co_return first;
    const std::set<Binding> ours(first->to_bind.begin(), first->to_bind.end());
    const auto is_not = [&](const Binding& binding) { return !ours.contains(binding); };
    std::erase_if(moves.lost, is_not);
    std::erase_if(moves.altered, is_not);
    co_await ports.clock.sleep_until(ports.clock.steady_now() + look_again_after);
    Result<Diagnosis> second = co_await diagnose_once(ports, target, rotation, moves);
    if (second) second->taken.insert(second->taken.end(), first->taken.begin(), first->taken.end());
    co_return second;
}

}  // namespace certferry
