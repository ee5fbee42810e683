// SPDX-License-Identifier: MIT
#pragma once

#include "report/snapshot.hpp"

#include <array>
#include <string_view>

namespace certferry {

/// What a target is doing, in one word. What keeps it from going on comes first.
enum class Standing {
    rejected,     // by the cloud, for good
    held,         // by the gate
    unusable,     // nothing on disk that can be used
    waiting,      // for the next attempt
    rolled_back,  // to the certificate before, until the next renewal
    on_hold,      // by a person
    rotating,     // a rotation is under way
    deployed,     // and proven
    idle,         // no renewal seen yet
};

inline constexpr std::array<std::string_view, 9> standing_words = {
    "rejected", "held", "unusable", "waiting", "rolled_back", "on_hold", "rotating", "deployed", "idle"};

constexpr std::string_view to_text(Standing standing) {
    return standing_words.at(static_cast<std::size_t>(standing));
}

Standing standing(const MappingState& mapping, const TargetState& target);

/// How many attempts of a rotation have failed in a row: none any more once it is done or superseded.
unsigned consecutive_failures(const Rotation& rotation);

}  // namespace certferry
