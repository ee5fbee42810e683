// SPDX-License-Identifier: MIT
#pragma once

#include "rotate/rotate.hpp"

namespace certferry {

/// What a person decides for a target. No call may be under way for it.

/// Goes back to the id before the head of the succession, wherever the head is bound; that is left so until a
/// newer bundle comes, or a person asks for the rotation anew. A crash in between is finished by the next
/// pursuit. Errors: declined when there is nothing to go back to or from, when that is no longer valid or
/// when a rotation is open; what keeps it from being done.
Awaitable<Result<void>> roll_back_by_hand(RotationPorts& ports, const Target& target);

/// Takes `id` for the head of the succession, after a look that it is there and bound. A rotation that has
/// replaced nothing yet is superseded, and begins anew from there. Errors: declined when one has, or when no
/// load balancer uses the id; what the calls say: api_not_found.
Awaitable<Result<void>> adopt_by_hand(RotationPorts& ports, const Target& target, const CertificateId& id);

}  // namespace certferry
