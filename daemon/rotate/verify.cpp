// SPDX-License-Identifier: MIT
#include "rotate/verify.hpp"

#include "rotate/advance.hpp"

#include <functional>

#include <fmt/format.h>

namespace certferry {
namespace {

using namespace std::chrono_literals;

constexpr auto look_again_after = 1s;
constexpr int readings_max = 10;
constexpr int same_in_a_row = 2;

using Reading = std::map<CertificateId, BindingSet>;

std::vector<CertificateId> ids_of(const Rotation& rotation) {
    std::vector<CertificateId> ids{rotation.old_id};
    if (rotation.new_id && *rotation.new_id != rotation.old_id) ids.push_back(*rotation.new_id);
    return ids;
}

BindingSet on(const Reading& reading, const std::optional<CertificateId>& id) {
    const auto found = id ? reading.find(*id) : reading.end();
    return found == reading.end() ? BindingSet{} : found->second;
}

Movement movement_of(const Rotation& rotation, const Reading& reading) {
    return movement(rotation.bindings, on(reading, rotation.old_id), on(reading, rotation.new_id));
}

Result<void> judge(const Rotation& rotation, const Reading& reading) {
    const Movement moves = movement_of(rotation, reading);
    if (!moves.lost.empty())
        return Error(Errc::split, fmt::format("{}: {} has neither certificate", old_to_new(rotation),
                                              to_text(moves.lost)));
    if (!moves.altered.empty())
        return Error(Errc::binding_altered,
                     fmt::format("{}: the TLS mode or client CA of {} is not what it was",
                                 old_to_new(rotation), to_text(moves.altered)));
    if (!moves.left.empty() && moves.moved.empty())
        return Error(Errc::not_proven, fmt::format("{}: {} still has {}", old_to_new(rotation),
                                                   to_text(moves.left), rotation.old_id.str()));
    if (!moves.left.empty())
        return Error(Errc::split, fmt::format("{}: {} still has {}", old_to_new(rotation),
                                              to_text(moves.left), rotation.old_id.str()));
    if (!on(reading, rotation.new_id).empty()) return {};
    const bool replaced = rotation.new_id != rotation.old_id;
    return Error(replaced ? Errc::not_proven : Errc::unbound,
                 fmt::format("{}: no load balancer uses the new id", old_to_new(rotation)));
}

Awaitable<Result<void>> bindings_moved(RotationPorts& ports, const Rotation& rotation) {
    Result<Reading> reading = co_await ports.cloud.bindings(ids_of(rotation));
    if (!reading) co_return reading.error();
    co_return judge(rotation, *reading);
}

Awaitable<Result<void>> endpoint_serves(RotationPorts& ports, const config::ProbeEndpoint& endpoint,
                                        const Rotation& rotation) {
    Result<CertificateFacts> served = co_await ports.prober.probe(endpoint);
    if (!served) co_return served.error();
    if (served->fingerprint == rotation.bundle.fingerprint) co_return Result<void>();
    co_return Error(Errc::served_other,
                    fmt::format("{}:{} serves {} (until {}), not {}", endpoint.host, endpoint.port,
                                short_form(served->fingerprint), to_utc_day(served->not_after),
                                short_form(rotation.bundle.fingerprint)));
}

using Look = std::function<Awaitable<Result<void>>()>;

// Looks until the answer was good `times` in a row, or until `deadline` with the last reason why not.
Awaitable<Result<void>> look_until(RotationPorts& ports, const Rotation& rotation, SteadyTime deadline,
                                   int times, const Look& look) {
    int good = 0;
    for (;;) {
        Result<void> seen = co_await look();
        good = seen ? good + 1 : 0;
        if (good == times) co_return seen;
        if (!seen)
            ports.log.write(LogLevel::debug, "verify.not_yet",
                            {{"mapping", rotation.mapping.str()}, {"detail", describe(seen.error())}});
        if (ports.stopping) co_return Error(Errc::interrupted, "shutting down before the proof was found");
        if (!seen && ports.clock.steady_now() >= deadline) co_return seen.error();
        co_await ports.clock.sleep_until(ports.clock.steady_now() + look_again_after);
    }
}

}  // namespace

Awaitable<Result<Movement>> read_back(RotationPorts& ports, const Rotation& rotation) {
    Reading last;
    for (int attempt = 0; attempt < readings_max; ++attempt) {
        Result<Reading> reading = co_await ports.cloud.bindings(ids_of(rotation));
        if (!reading) co_return reading.error();
        if (attempt > 0 && *reading == last) co_return movement_of(rotation, last);
        last = std::move(*reading);
        co_await ports.clock.sleep_until(ports.clock.steady_now() + look_again_after);
    }
    co_return Error(Errc::read_failed, fmt::format("{}: the bindings keep changing", old_to_new(rotation)));
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
