// SPDX-License-Identifier: MIT
#include "rotate/by_hand.hpp"

#include "rotate/advance.hpp"
#include "rotate/past.hpp"
#include "rotate/rollback.hpp"
#include "rotate/verify.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace certferry {
namespace {

Error declined(const Target& target, std::string_view why) {
    return {Errc::declined, fmt::format("{} of account {}: {}", target.key.configured_id.str(),
                                        target.key.account.str(), why)};
}

Error not_over(const Target& target, const Rotation& rotation) {
    return declined(target, fmt::format("rotation {} is not over: it is {}", rotation.number,
                                        to_text(rotation.stage)))
        .with_remedy("`certferry status` says what it waits for");
}

Result<void> check_nothing_open(RotationPorts& ports, const Target& target) {
    const auto open = ports.journal.open_rotation(target.key);
    if (!open) return open.error();
    if (!*open) return {};
    return not_over(target, **open);
}

/// The two ends of a way back.
struct WayBack {
    SuccessionEntry from;
    SuccessionEntry to;
};

// The newest id before the head that is another one.
Result<WayBack> way_back(RotationPorts& ports, const Target& target) {
    const auto succession = ports.journal.succession(target.key, ports.clock.now());
    if (!succession) return succession.error();
    const SuccessionEntry& head = succession->head();
    const auto& entries = succession->entries;
    const auto before = std::find_if(entries.rbegin(), entries.rend(),
                                     [&](const SuccessionEntry& entry) { return entry.id != head.id; });
    if (before == entries.rend()) return declined(target, "there is no id before this one");
    if (!head.certificate || head.certificate->fingerprint.empty())
        return declined(target, fmt::format("what {} holds is not known", head.id.str()));
    return WayBack{head, *before};
}

Result<void> check_valid(const Target& target, const CertificateId& id, const CertificateFacts& certificate,
                         WallTime now) {
    if (now < certificate.not_after) return {};
    return declined(target, fmt::format("{} has expired on {}", id.str(), to_utc_day(certificate.not_after)));
}

// Not Errc::unbound, which is tried again: nobody waits for what a person has asked for once.
Error unbound(const Target& target, const CertificateId& id) {
    return declined(target, fmt::format("no load balancer uses {}", id.str()));
}

Awaitable<Result<void>> check_bound(RotationPorts& ports, const Target& target, const CertificateId& id) {
    const Result<BindingSet> bound = co_await bindings_of(ports, id);
    if (!bound) co_return bound.error();
    if (!bound->empty()) co_return Result<void>();
    co_return unbound(target, id)
        .with_remedy("name the id that its listeners have in the console, or bind this one there first");
}

// Where other targets have the newer id, and this one has not brought it.
Result<BindingSet> places_of_others(RotationPorts& ports, const Target& target, const CertificateId& id,
                                    const BindingSet& own) {
    const auto all = ports.journal.targets();
    if (!all) return all.error();
    BindingSet places;
    for (const TargetKey& other : *all) {
        if (other == target.key || other.account != target.key.account) continue;
        const Result<Past> past = past_of(ports.journal, other, ports.clock.now());
        if (!past) return past.error();
        if (past->succession.head().id == id) places.merge(past->places());
    }
    return missing_from(own, places);
}

// Several targets may have come to share the newer id: each goes back where it is its own. Where another's
// way back has taken this one along, it is there already.
Awaitable<Result<BindingSet>> bindings_to_go_back(RotationPorts& ports, const Target& target,
                                                  const WayBack& way) {
    const Result<Past> past = past_of(ports.journal, target.key, ports.clock.now());
    if (!past) co_return past.error();
    const BindingSet own = past->places();
    const Result<BindingSet> others = places_of_others(ports, target, way.from.id, own);
    if (!others) co_return others.error();
    const Result<BindingSet> newer = co_await bindings_of(ports, way.from.id);
    if (!newer) co_return newer.error();
    const Result<BindingSet> older = co_await ports.cloud.bindings_beside(way.to.id, own);
    if (!older) co_return older.error();

    BindingSet bindings = missing_from(*others, *newer);
    for (const Binding& binding : *older)
        if (find_place(own, binding.place) != nullptr) bindings.insert(binding);
    if (bindings.empty()) co_return unbound(target, way.from.id);
    co_return bindings;
}

// The rotation that brought the head there, as it would stand on its way back: the older id is the head
// again.
Result<Rotation> turn_round(RotationPorts& ports, const Target& target, const WayBack& way,
                            BindingSet bindings) {
    Rotation rotation;
    rotation.target = target.key;
    rotation.mapping = target.mapping;
    rotation.bundle = *way.from.certificate;
    rotation.old_id = way.from.id;
    rotation.began = ports.clock.now();
    Result<Rotation> begun = ports.journal.begin(std::move(rotation));
    if (!begun) return begun;

    begun->old_id = way.to.id;
    begun->new_id = way.from.id;
    begun->stage = Stage::rolling_back;
    begun->bindings = std::move(bindings);
    begun->changed = ports.clock.now();
    SuccessionEntry head = way.to;
    head.since = begun->changed;
    head.retired.reset();
    const std::string detail = fmt::format("{} -> {}, by hand", way.from.id.str(), way.to.id.str());
    if (const auto adopted = ports.journal.adopt(*begun, head, detail); !adopted) return adopted.error();
    log_rotation(ports.log, LogLevel::warning, to_text(begun->stage), *begun, detail);
    return begun;
}

// A rotation that has replaced nothing yet, as one that is held because somebody has bound another id, may
// give way.
Result<std::optional<Rotation>> rotation_giving_way(RotationPorts& ports, const Target& target) {
    auto open = ports.journal.open_rotation(target.key);
    if (open && *open && (*open)->stage >= Stage::replacing) return not_over(target, **open);
    return open;
}

}  // namespace

Awaitable<Result<void>> roll_back_by_hand(RotationPorts& ports, const Target& target) {
    if (auto alone = check_nothing_open(ports, target); !alone) co_return alone;
    const Result<WayBack> way = way_back(ports, target);
    if (!way) co_return way.error();
    const Result<CertificateFacts> before = co_await ports.cloud.describe(way->to.id);
    if (!before) co_return before.error();
    const auto valid = check_valid(target, way->to.id, *before, ports.clock.now());
    if (!valid) co_return valid;
    Result<BindingSet> bindings = co_await bindings_to_go_back(ports, target, *way);
    if (!bindings) co_return bindings.error();

    Result<Rotation> rotation = turn_round(ports, target, *way, std::move(*bindings));
    if (!rotation) co_return rotation.error();
    const Result<void> back = co_await roll_back(ports, target, *rotation);
    if (back.error().code() != Errc::rolled_back) co_return back;
    co_return Result<void>();
}

Awaitable<Result<void>> adopt_by_hand(RotationPorts& ports, const Target& target, const CertificateId& id) {
    Result<std::optional<Rotation>> open = rotation_giving_way(ports, target);
    if (!open) co_return open.error();
    const Result<SuccessionEntry> before = ports.journal.head(target.key, ports.clock.now());
    if (!before) co_return before.error();
    if (before->id == id) co_return Result<void>();
    Result<CertificateFacts> certificate = co_await ports.cloud.describe(id);
    if (!certificate) co_return certificate.error();
    if (auto bound = co_await check_bound(ports, target, id); !bound) co_return bound;

    if (*open) {
        const auto given_way = advance(ports, **open, Stage::superseded, id.str() + " is adopted instead");
        if (!given_way) co_return given_way;
    }
    const SuccessionEntry head{id, *certificate, ports.clock.now(), std::nullopt};
    if (auto taken = ports.journal.take_head(target.key, head); !taken) co_return taken;
    ports.log.write(LogLevel::warning, "succession.adopted",
                    {{"mapping", target.mapping.str()},
                     {"account", target.key.account.str()},
                     {"target", target.key.configured_id.str()},
                     {"old_id", before->id.str()},
                     {"new_id", id.str()}});
    co_return Result<void>();
}

}  // namespace certferry
