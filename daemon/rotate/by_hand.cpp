// SPDX-License-Identifier: MIT
#include "rotate/by_hand.hpp"

#include "rotate/advance.hpp"
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

Result<void> check_nothing_open(RotationPorts& ports, const Target& target) {
    const auto open = ports.journal.open_rotation(target.key);
    if (!open) return open.error();
    if (!*open) return {};
    return declined(target, fmt::format("rotation {} is not over: it is {}", (*open)->number,
                                        to_text((*open)->stage)))
        .with_remedy("certferry status says what it waits for");
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

Awaitable<Result<BindingSet>> bindings_in_use(RotationPorts& ports, const CertificateId& id) {
    Result<BindingSet> bound = co_await bindings_of(ports, id);
    if (bound && bound->empty())
        co_return Error(Errc::unbound, fmt::format("no load balancer uses {}", id.str()));
    co_return bound;
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

}  // namespace

Awaitable<Result<void>> roll_back_by_hand(RotationPorts& ports, const Target& target) {
    if (auto alone = check_nothing_open(ports, target); !alone) co_return alone;
    const Result<WayBack> way = way_back(ports, target);
    if (!way) co_return way.error();
    const Result<CertificateFacts> before = co_await ports.cloud.describe(way->to.id);
    if (!before) co_return before.error();
    const auto valid = check_valid(target, way->to.id, *before, ports.clock.now());
    if (!valid) co_return valid;
    Result<BindingSet> bindings = co_await bindings_in_use(ports, way->from.id);
    if (!bindings) co_return bindings.error();

    Result<Rotation> rotation = turn_round(ports, target, *way, std::move(*bindings));
    if (!rotation) co_return rotation.error();
    const Result<void> back = co_await roll_back(ports, target, *rotation);
    if (back.error().code() != Errc::rolled_back) co_return back;
    co_return Result<void>();
}

Awaitable<Result<void>> adopt_by_hand(RotationPorts& ports, const Target& target, const CertificateId& id) {
    if (auto alone = check_nothing_open(ports, target); !alone) co_return alone;
    const Result<Succession> succession = ports.journal.succession(target.key, ports.clock.now());
    if (!succession) co_return succession.error();
    if (succession->head().id == id) co_return Result<void>();
    Result<CertificateFacts> certificate = co_await ports.cloud.describe(id);
    if (!certificate) co_return certificate.error();
    const Result<BindingSet> bindings = co_await bindings_in_use(ports, id);
    if (!bindings) co_return bindings.error();

    const SuccessionEntry head{id, *certificate, ports.clock.now(), std::nullopt};
    if (auto taken = ports.journal.take_head(target.key, head); !taken) co_return taken;
    ports.log.write(LogLevel::warning, "succession.adopted",
                    {{"mapping", target.mapping.str()},
                     {"account", target.key.account.str()},
                     {"target", target.key.configured_id.str()},
                     {"old_id", succession->head().id.str()},
                     {"new_id", id.str()}});
    co_return Result<void>();
}

}  // namespace certferry
