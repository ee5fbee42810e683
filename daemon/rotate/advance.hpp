// SPDX-License-Identifier: MIT
#pragma once

#include "base/repeats.hpp"
#include "rotate/rotate.hpp"

#include <string>

namespace certferry {

/// Enters a stage: in the journal first, then in the log. On an error nothing has changed.
Result<void> advance(RotationPorts& ports, Rotation& rotation, Stage stage, const std::string& detail);

/// Writes down why a rotation is not moving, and logs it, unless `repeats` has said the same just now. The
/// line has the RequestId of the call that failed, if `cause` has one.
Result<void> pause(RotationPorts& ports, Rotation& rotation, const Pause& why, const Error& cause,
                   Repeats& repeats);

/// The one log line of a state: the mapping, the ids and the RequestId, and what is to be said of it.
void log_rotation(Log& log, LogLevel level, std::string_view state, const Rotation& rotation,
                  const std::string& detail);

/// "4b9fc92b -> e2b6d555"; "4b9fc92b -> ?" as long as the new id is not known; on the way back the other way
/// round. "4b9fc92b" alone where that is the certificate already.
std::string from_to(const Rotation& rotation);

}  // namespace certferry
