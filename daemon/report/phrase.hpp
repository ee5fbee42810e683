// SPDX-License-Identifier: MIT
#pragma once

#include "report/snapshot.hpp"

#include <string>

namespace certferry {

/// "on hold since …, until `certferry resume www`".
std::string hold_phrase(const MappingName& mapping, WallTime since);

/// What a target is doing, in one phrase: "deployed and proven …", "waiting until …: why", "held: why",
/// "on hold since …". What keeps it from going on comes first.
std::string phrase(const MappingState& mapping, const TargetState& target);

}  // namespace certferry
