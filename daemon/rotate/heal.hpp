// SPDX-License-Identifier: MIT
#pragma once

#include "rotate/bindings.hpp"
#include "rotate/rotate.hpp"

namespace certferry {

/// Mends what a replacement has broken, and tells how the bindings are then: binds the id that the rotation
/// is on its way to directly where a listener was left with neither certificate, which is an outage, and
/// where it speaks TLS otherwise than before. As long as that id is not known, the one before comes back
/// there. What is gone or taken (see diagnose()) the rotation no longer expects. The intent is in the journal
/// before the first call. Without anything broken it does nothing. Errors: binding_lost or binding_altered
/// where the API cannot do that; the first of what the calls say, after all places were tried.
Awaitable<Result<Movement>> heal(RotationPorts& ports, const Target& target, Rotation& rotation,
                                 Movement moves);

/// Binds the id that the rotation is on its way to at each of these places, one by one. Places that are gone
/// are forgotten. Errors, after all places were tried: the last that leaves open what happened, or else the
/// first of what the calls say.
Awaitable<Result<void>> bind_each(RotationPorts& ports, Rotation& rotation,
                                  const std::vector<Binding>& bindings);

}  // namespace certferry
