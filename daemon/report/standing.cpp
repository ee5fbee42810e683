// SPDX-License-Identifier: MIT
#include "report/standing.hpp"

#include <fmt/format.h>

namespace certferry {
namespace {

std::string next_step(const Pause& pause, const MappingName& mapping) {
    switch (pause.kind) {
        case PauseKind::waiting:
            return fmt::format("it is tried again at {}", to_utc(pause.next_attempt));
        case PauseKind::held:
            return "it is looked at again at every change on disk and every rescan";
        case PauseKind::rejected:
            return fmt::format("a new certificate, a changed mapping or `certferry rotate {}` tries again",
                               mapping.str());
    }
    return {};
}

bool is_outage(const Pause& pause) {
    return pause.reason == traits(Errc::binding_lost).label;
}

// What comes and goes from one attempt to the next is one and the same failure to those who are told.
std::string trouble_of(const Pause& pause) {
    if (pause.kind == PauseKind::waiting && !is_outage(pause)) return "waiting";
    return fmt::format("{} {}", to_text(pause.kind), pause.reason);
}

void judge_pause(Standing& standing, const Rotation& rotation, WallTime now) {
    const Pause& pause = *rotation.pause;
    const bool may_pass = pause.kind == PauseKind::waiting && !is_outage(pause);
    if (may_pass && now - rotation.began < patience) return;
    standing.condition = Condition::failing;
    standing.trouble = trouble_of(pause);
    standing.reason = pause.reason;
    standing.why = pause.detail;
    standing.next = next_step(pause, rotation.mapping);
}

void judge_rotation(Standing& standing, const Rotation& rotation, WallTime now) {
    if (rotation.pause) return judge_pause(standing, rotation, now);
    if (rotation.stage == Stage::superseded) standing.condition = Condition::well;
    if (rotation.stage != Stage::done) return;
    standing.condition = Condition::well;
    standing.done = rotation.number;
    standing.replaced = rotation.old_id;
}

void judge_files(Standing& standing, const MappingState& mapping) {
    if (!mapping.trouble_lasts) {
        standing.condition = Condition::undecided;
        return;
    }
    standing.condition = Condition::failing;
    standing.trouble = fmt::format("unusable {}", mapping.trouble->label());
    standing.reason = mapping.trouble->label();
    standing.why = "nothing usable on disk: " + describe(*mapping.trouble);
    standing.next = "it is looked at again at every change on disk and every rescan";
}

}  // namespace

Standing standing_of(const MappingState& mapping, const TargetState& target, WallTime now) {
    Standing standing;
    standing.mapping = mapping.mapping;
    standing.target = target.target;
    standing.deployed = target.deployed.id;
    standing.certificate = target.deployed.certificate;
    standing.condition = Condition::well;
    if (target.latest) {
        standing.condition = Condition::undecided;
        judge_rotation(standing, *target.latest, now);
    }
    if (mapping.trouble) judge_files(standing, mapping);
    if (mapping.on_hold && standing.condition == Condition::failing)
        standing.condition = Condition::undecided;
    return standing;
}

}  // namespace certferry
