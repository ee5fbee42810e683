// SPDX-License-Identifier: MIT
#pragma once

#include "rotate/bindings.hpp"
#include "rotate/rotate.hpp"

namespace certferry {

/// Binds the new id directly where a replacement left a listener with neither certificate, which is an
/// outage, and where it changed how a listener speaks TLS: as the binding was before. Listeners that have got
/// another certificate meanwhile are somebody else's business: the rotation no longer expects them. The
/// intent is in the journal before the first call. Errors: binding_lost or binding_altered where the API
/// cannot do that; what the calls say.
Awaitable<Result<void>> heal(RotationPorts& ports, Rotation& rotation, const Movement& moves);

}  // namespace certferry
