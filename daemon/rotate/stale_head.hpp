// SPDX-License-Identifier: MIT
#pragma once

#include "rotate/rotate.hpp"

namespace certferry {

/// What to do when the head of the succession is bound nowhere, since somebody else has changed that. What
/// its last known places have now decides: the bundle itself ends the search (the rotation is then accepted);
/// an id of this target's history becomes the head, to be replaced next (the rotation's old_id is then that).
/// `on_new` is where the rotation's new id is bound, which may be elsewhere, as another target's.
/// Errors: unbound when nothing is known or there; head_stale when the places have a certificate that
/// certferry did not put there, which it never replaces.
Awaitable<Result<void>> follow_head(RotationPorts& ports, Rotation& rotation, const BindingSet& on_new);

}  // namespace certferry
