// SPDX-License-Identifier: MIT
#include "rotate/verify.hpp"

#include "config/forms.hpp"
#include "rotate/advance.hpp"
#include "rotate/let_arrive.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

namespace certferry {
namespace {

using namespace std::chrono_literals;

constexpr auto look_again_after = 1s;
constexpr int readings_max = 10;
constexpr int same_in_a_row = 2;
constexpr int broken_in_a_row = 3;

/// Where the two ids of a rotation are bound.
struct Reading {
    Reading() = default;  // not an aggregate, see Awaitable
    friend bool operator==(const Reading&, const Reading&) = default;

    BindingSet on_from;
    BindingSet on_to;
};

// The old id wherever it is. The new one may serve hundreds of load balancers, which other rotations brought
// it to: of these only those are read that the old one was bound on.
Awaitable<Result<BindingSet>> bindings_around(RotationPorts& ports, const Rotation& rotation,
                                              const CertificateId& id) {
    if (id == rotation.old_id || rotation.bindings.empty()) co_return co_await bindings_of(ports, id);
    co_return co_await ports.cloud.bindings_beside(id, rotation.bindings);
}

// First where they come from: what moves in between is then seen where it was, and not as lost.
Awaitable<Result<Reading>> read_both(RotationPorts& ports, const Rotation& rotation) {
    Reading reading;
    Result<BindingSet> on_from = co_await bindings_around(ports, rotation, rotation.from());
    if (!on_from) co_return on_from.error();
    reading.on_from = std::move(*on_from);
    const std::optional<CertificateId> to = rotation.to();
    if (to == rotation.from()) reading.on_to = reading.on_from;
    if (!to || to == rotation.from()) co_return reading;
    Result<BindingSet> on_to = co_await bindings_around(ports, rotation, *to);
    if (!on_to) co_return on_to.error();
    reading.on_to = std::move(*on_to);
    co_return reading;
}

// The old id is to go everywhere, unless it is the new one too. The new one may be bound elsewhere as well,
// which is no business of a way back.
Movement movement_of(const Rotation& rotation, const Reading& reading) {
    BindingSet on_from = reading.on_from;
    if (rotation.from() == rotation.to()) on_from.clear();
    if (rotation.going_back())
        std::erase_if(on_from, [&](const Binding& binding) {
            return find_place(rotation.bindings, binding.place) == nullptr;
        });
    return movement(rotation.bindings, on_from, reading.on_to);
}

Result<void> judge(const Rotation& rotation, const Reading& reading) {
    const bool bound = !reading.on_to.empty();
    if (!bound && rotation.new_id == rotation.old_id)
        return Error(Errc::unbound, fmt::format("no load balancer uses {}", rotation.old_id.str()));
    const Movement moves = movement_of(rotation, reading);
    if (!moves.lost.empty()) return lost_bindings(rotation, moves);
    if (!moves.left.empty()) return left_behind(rotation, moves);
    if (!moves.altered.empty()) return altered_bindings(rotation, moves);
    if (bound) return {};
    return Error(Errc::not_proven, fmt::format("{}: no load balancer uses the new id", from_to(rotation)));
}

Awaitable<Result<void>> bindings_moved(RotationPorts& ports, const Rotation& rotation) {
    Result<Reading> reading = co_await read_both(ports, rotation);
    if (!reading) co_return reading.error();
    co_return judge(rotation, *reading);
}

// A listener with certificates beside this one serves what fits the client: it is asked as each kind of them.
std::vector<Offer> offers_for(const Rotation& rotation) {
    const bool dual = std::any_of(rotation.bindings.begin(), rotation.bindings.end(),
                                  [](const Binding& binding) { return !binding.beside.empty(); });
    if (dual) return {Offer::rsa, Offer::ecdsa};
    return {Offer::anything};
}

Error other_certificate(const config::ProbeEndpoint& endpoint, const CertificateFacts& served,
                        const Rotation& rotation) {
    return Error(Errc::served_other,
                 fmt::format("{} serves {} (until {}), not {}", config::host_and_port(endpoint),
                             short_form(served.fingerprint), to_utc_day(served.not_after),
                             short_form(rotation.bundle.fingerprint)));
}

Awaitable<Result<void>> endpoint_serves(RotationPorts& ports, const config::ProbeEndpoint& endpoint,
                                        const Rotation& rotation) {
    std::optional<Error> failure;
    for (const Offer offer : offers_for(rotation)) {
        Result<CertificateFacts> served = co_await ports.prober.probe(endpoint, offer);
        if (served && served->fingerprint == rotation.bundle.fingerprint) co_return Result<void>();
        if (served)
            failure = other_certificate(endpoint, *served, rotation);
        else if (!failure)
            failure = served.error();
    }
    co_return *failure;
}

bool broken(const Result<void>& seen) {
    return !seen &&
           (seen.error().code() == Errc::binding_lost || seen.error().code() == Errc::binding_altered);
}

using Look = std::function<Awaitable<Result<void>>()>;

// Looks until the answer was good `times` in a row, or until `deadline` with the last reason why not; what is
// broken has no time until then.
Awaitable<Result<void>> look_until(RotationPorts& ports, const Rotation& rotation, SteadyTime deadline,
                                   int times, const Look& look) {
    int good = 0;
    int bad = 0;
    for (;;) {
        Result<void> seen = co_await look();
        good = seen ? good + 1 : 0;
        bad = broken(seen) ? bad + 1 : 0;
        if (good == times) co_return seen;
        if (bad == broken_in_a_row) co_return seen.error();
        if (!seen)
            ports.log.write(LogLevel::debug, "verify.not_yet",
                            {{"mapping", rotation.mapping.str()}, {"detail", describe(seen.error())}});
        if (ports.stopping) co_return Error(Errc::interrupted, "shutting down before the proof was found");
        if (!seen && ports.clock.steady_now() >= deadline) co_return seen.error();
        co_await ports.clock.sleep_until(ports.clock.steady_now() + look_again_after);
    }
}

}  // namespace

Error lost_bindings(const Rotation& rotation, const Movement& moves) {
    return {Errc::binding_lost,
            fmt::format("{}: {} has neither certificate", from_to(rotation), to_text(moves.lost))};
}

Error left_behind(const Rotation& rotation, const Movement& moves) {
    const bool some_moved = !moves.moved.empty() || !moves.altered.empty();
    return {
        some_moved ? Errc::split : Errc::not_proven,
        fmt::format("{}: {} still has {}", from_to(rotation), to_text(moves.left), rotation.from().str())};
}

Error altered_bindings(const Rotation& rotation, const Movement& moves) {
    return {Errc::binding_altered,
            fmt::format("{}: the TLS mode, client CA or further certificate of {} is not what it was",
                        from_to(rotation), to_text(moves.altered))};
}

Awaitable<Result<BindingSet>> bindings_of(RotationPorts& ports, const CertificateId& id) {
    const std::vector<CertificateId> ids{id};
    Result<std::map<CertificateId, BindingSet>> bound = co_await ports.cloud.bindings(ids);
    if (!bound) co_return bound.error();
    co_return std::move((*bound)[id]);
}

Awaitable<Result<Movement>> current_movement(RotationPorts& ports, const Rotation& rotation) {
    Result<Reading> reading = co_await read_both(ports, rotation);
    if (!reading) co_return reading.error();
    co_return movement_of(rotation, *reading);
}

Awaitable<Result<Movement>> read_back(RotationPorts& ports, const Target& target, const Rotation& rotation) {
    const SteadyTime settled = latest_arrival(ports, target, rotation);
    Reading last;
    for (int attempt = 0; attempt < readings_max; ++attempt) {
        Result<Reading> reading = co_await read_both(ports, rotation);
        if (!reading) co_return reading.error();
        const bool same = attempt > 0 && *reading == last;
        last = std::move(*reading);
        const Movement moves = movement_of(rotation, last);
        const bool over = ports.clock.steady_now() >= settled;
        if (same && (moves.all() || over)) co_return moves;
        if (ports.stopping)
            co_return Error(Errc::interrupted, "shutting down before the bindings were settled");
        const SteadyTime soon = ports.clock.steady_now() + look_again_after;
        const SteadyTime next = same ? std::max(soon, settled) : soon;
        co_await ports.clock.sleep_until(next);
    }
    co_return Error(Errc::read_failed, fmt::format("{}: the bindings keep changing", from_to(rotation)));
}

Awaitable<Result<void>> verify(RotationPorts& ports, const Target& target, const Rotation& rotation) {
    const SteadyTime deadline = ports.clock.steady_now() + target.verify.attempts_for;

    if (target.verify.bindings) {
        Look look = [&] { return bindings_moved(ports, rotation); };
        Result<void> moved = co_await look_until(ports, rotation, deadline, 1, look);
        if (!moved) co_return moved.error();
    }
    for (const config::ProbeEndpoint& endpoint : target.verify.endpoint) {
        Look look = [&] { return endpoint_serves(ports, endpoint, rotation); };
        Result<void> served = co_await look_until(ports, rotation, deadline, same_in_a_row, look);
        if (!served) co_return served.error();
    }
    co_return Result<void>();
}

}  // namespace certferry
