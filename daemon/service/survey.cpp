// SPDX-License-Identifier: MIT
#include "service/survey.hpp"

#include "base/slices.hpp"
#include "config/forms.hpp"

#include <algorithm>

namespace certferry {
namespace {

MappingStanding standing_of(const Pause& pause) {
    switch (pause.kind) {
        case PauseKind::waiting:
            return MappingStanding::waiting;
        case PauseKind::held:
            return MappingStanding::held;
        case PauseKind::rejected:
            return MappingStanding::rejected;
    }
    return MappingStanding::waiting;
}

MappingStanding standing_of(const Charge& charge, const Pursuit& pursuit, bool in_flight) {
    if (charge.on_hold) return MappingStanding::on_hold;
    if (charge.lookout.trouble()) return MappingStanding::unusable;
    if (pursuit.pause()) return standing_of(*pursuit.pause());
    if (in_flight) return MappingStanding::under_way;
    return pursuit.failure() ? MappingStanding::unlooked : MappingStanding::deployed;
}

}  // namespace

Result<MappingState> state_of(const Charge& charge, const SupervisorPorts& ports) {
    auto state = mapping_state(ports.journal, charge.mapping(), ports.lookout.clock.now());
    if (!state) return state;
    if (charge.seen) state->on_disk = charge.seen->leaf();
    state->trouble = charge.lookout.trouble();
    state->trouble_lasts = charge.lookout.trouble_lasts();
    state->unlooked = charge.unlooked;
    state->on_hold = charge.on_hold;
    for (const config::ProbeEndpoint& endpoint : charge.mapping().verify.endpoint) {
        EndpointState seen{config::host_and_port(endpoint), {}};
        if (const Sighting* const last = ports.sightings.find(seen.endpoint)) seen.sighting = *last;
        state->endpoints.push_back(std::move(seen));
    }
    return state;
}

Awaitable<Result<Snapshot>> snapshot_of(Charges charges, const SupervisorPorts& ports) {
    Snapshot snapshot;
    snapshot.taken = ports.lookout.clock.now();
    Slices slices(ports.lookout.clock);
    for (const auto& charge : charges) {
        Result<MappingState> state = state_of(*charge, ports);
        if (!state) co_return state.error();
        snapshot.mappings.push_back(std::move(*state));
        co_await slices.breathe();
    }
    co_return snapshot;
}

Summary summary_of(const Charges& charges, const std::set<TargetKey>& in_flight) {
    Summary summary;
    for (const auto& charge : charges) {
        MappingStanding worst = MappingStanding::deployed;
        for (const Pursuit& pursuit : charge->pursuits) {
            worst = std::max(worst, standing_of(*charge, pursuit, in_flight.contains(pursuit.target().key)));
            if (const auto& pause = pursuit.pause(); pause && pause->kind == PauseKind::waiting)
                summary.next_attempt =
                    std::min(summary.next_attempt.value_or(pause->next_attempt), pause->next_attempt);
        }
        summary.add(worst);
    }
    return summary;
}

}  // namespace certferry
