// SPDX-License-Identifier: MIT
#include "report/standing.hpp"

#include <cstdlib>

namespace certferry {
namespace {

Standing standing_of(PauseKind pause) {
    switch (pause) {
        case PauseKind::waiting:
            return Standing::waiting;
        case PauseKind::held:
            return Standing::held;
        case PauseKind::rejected:
            return Standing::rejected;
    }
    std::abort();
}

Standing standing_of(const Rotation& rotation) {
    if (rotation.pause) return standing_of(rotation.pause->kind);
    if (rotation.stage == Stage::done) return Standing::deployed;
    if (rotation.stage == Stage::rolled_back) return Standing::rolled_back;
    if (rotation.stage == Stage::superseded) return Standing::idle;
    return Standing::rotating;
}

}  // namespace

Standing standing(const MappingState& mapping, const TargetState& target) {
    if (mapping.on_hold) return Standing::on_hold;
    if (mapping.trouble) return Standing::unusable;
    return target.latest ? standing_of(*target.latest) : Standing::idle;
}

unsigned consecutive_failures(const Rotation& rotation) {
    const bool over = rotation.stage == Stage::done || rotation.stage == Stage::superseded;
    return over ? 0 : rotation.failures;
}

}  // namespace certferry
