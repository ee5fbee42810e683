// SPDX-License-Identifier: MIT
#include "report/snapshot.hpp"

#include "config/layouts.hpp"

namespace certferry {
namespace {

// How far back a proof is looked for: what was tried since then has been tried for weeks.
constexpr std::size_t rotations_looked_at = 20;

// The last proof is almost always that of the latest rotation, or of the one before.
Result<std::optional<WallTime>> last_proof(Journal& journal, const TargetKey& target,
                                           const Rotation& latest) {
    if (latest.stage == Stage::done) return std::optional(latest.changed);
    const auto rotations = journal.rotations(target, rotations_looked_at);
    if (!rotations) return rotations.error();
    for (const Rotation& rotation : *rotations)
        if (rotation.stage == Stage::done) return std::optional(rotation.changed);
    return std::optional<WallTime>();
}

Result<TargetState> target_state(Journal& journal, const TargetKey& target, WallTime now) {
    TargetState state;
    state.target = target;
    auto head = journal.head(target, now);
    if (!head) return head.error();
    state.deployed = *std::move(head);
    auto latest = journal.rotations(target, 1);
    if (!latest) return latest.error();
    if (latest->empty()) return state;
    state.latest = std::move(latest->front());
    const auto proven = last_proof(journal, target, *state.latest);
    if (!proven) return proven.error();
    state.proven = *proven;
    return state;
}

}  // namespace

Result<MappingState> mapping_state(Journal& journal, const config::Mapping& mapping, WallTime now) {
    MappingState state;
    state.mapping = mapping.name;
    state.certificate = lineage_name(mapping.lineage);
    for (const config::Target& configured : mapping.targets) {
        auto target = target_state(journal, {configured.account, configured.old_cert_id}, now);
        if (!target) return target.error();
        state.targets.push_back(std::move(*target));
    }
    return state;
}

Result<Snapshot> journal_snapshot(Journal& journal, const config::Config& config,
                                  const std::optional<MappingName>& only, WallTime now) {
    Snapshot snapshot;
    snapshot.taken = now;
    const auto on_hold = journal.on_hold();
    if (!on_hold) return on_hold.error();
    for (const config::Mapping& mapping : config.mappings) {
        if (only && mapping.name != *only) continue;
        auto state = mapping_state(journal, mapping, now);
        if (!state) return state.error();
        if (const auto held = on_hold->find(mapping.name); held != on_hold->end())
            state->on_hold = held->second;
        snapshot.mappings.push_back(std::move(*state));
    }
    return snapshot;
}

}  // namespace certferry
