// SPDX-License-Identifier: MIT
#include "report/condition.hpp"

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

void judge_pause(TargetCondition& found, const Rotation& rotation, WallTime now) {
    const Pause& pause = *rotation.pause;
    const bool may_pass = pause.kind == PauseKind::waiting && !is_outage(pause);
    if (may_pass && now - rotation.began < patience) {
        found.failing_from = rotation.began + patience;
        return;
    }
    found.condition = Condition::failing;
    found.trouble = trouble_of(pause);
    found.reason = pause.reason;
    found.why = pause.detail;
    found.next = next_step(pause, rotation.mapping);
}

void judge_rotation(TargetCondition& found, const Rotation& rotation, WallTime now) {
    if (rotation.pause) return judge_pause(found, rotation, now);
    if (rotation.stage == Stage::superseded) found.condition = Condition::well;
    if (rotation.stage != Stage::done) return;
    found.condition = Condition::well;
    found.done = rotation.number;
    found.done_at = rotation.changed;
    found.replaced = rotation.old_id;
}

void judge_files(TargetCondition& found, const MappingState& mapping) {
    if (!mapping.trouble_lasts) {
        found.condition = Condition::undecided;
        return;
    }
    found.condition = Condition::failing;
    found.trouble = fmt::format("unusable {}", mapping.trouble->label());
    found.reason = mapping.trouble->label();
    found.why = "nothing usable on disk: " + describe(*mapping.trouble);
    found.next = "it is looked at again at every change on disk and every rescan";
}

}  // namespace

TargetCondition condition_of(const MappingState& mapping, const TargetState& target, WallTime now) {
    TargetCondition found;
    found.mapping = mapping.mapping;
    found.target = target.target;
    found.deployed = target.deployed.id;
    found.certificate = target.deployed.certificate;
    found.condition = Condition::well;
    if (target.latest) {
        found.condition = Condition::undecided;
        judge_rotation(found, *target.latest, now);
    }
    if (mapping.trouble) judge_files(found, mapping);
    // Its files may still be as unusable as they were before the start.
    if (mapping.unlooked && found.condition == Condition::well) found.condition = Condition::undecided;
    if (mapping.on_hold && found.condition == Condition::failing) found.condition = Condition::undecided;
    return found;
}

}  // namespace certferry
