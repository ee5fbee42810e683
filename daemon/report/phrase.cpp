// SPDX-License-Identifier: MIT
#include "report/phrase.hpp"

#include "report/standing.hpp"

#include <fmt/format.h>

namespace certferry {
namespace {

std::string phrase_of(const Rotation& rotation) {
    if (const auto& pause = rotation.pause) {
        if (pause->kind == PauseKind::waiting)
            return fmt::format("waiting until {}: {}", to_utc(pause->next_attempt), pause->detail);
        return fmt::format("{}: {}", to_text(pause->kind), pause->detail);
    }
    if (rotation.stage == Stage::done) return fmt::format("deployed and proven {}", to_utc(rotation.changed));
    return fmt::format("{} since {}", to_text(rotation.stage), to_utc(rotation.changed));
}

}  // namespace

std::string hold_phrase(const MappingName& mapping, WallTime since) {
    return fmt::format("on hold since {}, until `certferry resume {}`", to_utc(since), mapping.str());
}

std::string phrase(const MappingState& mapping, const TargetState& target) {
    switch (standing(mapping, target)) {
        case Standing::on_hold:
            return hold_phrase(mapping.mapping, *mapping.on_hold);
        case Standing::unusable:
            return fmt::format("nothing usable on disk: {}", describe(*mapping.trouble));
        default:
            return target.latest ? phrase_of(*target.latest) : "no renewal seen yet";
    }
}

}  // namespace certferry
