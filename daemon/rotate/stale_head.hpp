// SPDX-License-Identifier: MIT
#pragma once

#include "rotate/rotate.hpp"

namespace certferry {

/// What to do when the head of the succession is bound nowhere, since somebody else has changed that. What
/// its last known places have now decides: the bundle itself ends the search (the rotation is then accepted);
/// an id of this target's history becomes the head, to be replaced next (the rotation's old_id is then that).
/// Errors: unbound when nothing is known or there; head_stale when the places have a certificate that
/// certferry did not put there, which it never replaces.
Awaitable<Result<void>> follow_head(RotationPorts& ports, Rotation& rotation);

/// The same where the head, which is bound at `on_old`, has lost only some of its last known places. Where an
/// id of this target's history is there now, the head is bound again, so that it is replaced with the others:
/// true if that was done anywhere. What certferry did not put there is named in the log, and stays. Errors:
/// what the calls say.
Awaitable<Result<bool>> gather_head(RotationPorts& ports, const Rotation& rotation, const BindingSet& on_old);

}  // namespace certferry
