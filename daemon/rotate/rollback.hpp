// SPDX-License-Identifier: MIT
#pragma once

#include "rotate/rotate.hpp"

namespace certferry {

/// Whether a rotation whose proof was not found goes back to the certificate before: the mapping wants it, an
/// endpoint serves something else, no other target of the mapping has yet to move (for an hour at most), and
/// the certificate before is still valid. Errors: those of the journal.
Result<bool> wants_rollback(RotationPorts& ports, const Target& target, const Rotation& rotation,
                            const Error& failure);

/// Puts the old id back in the place of the new one, from whatever point an earlier call left it at. Never
/// succeeds: rolled_back when that is done, which holds the target until a newer bundle comes; or what keeps
/// it from being done.
Awaitable<Result<void>> roll_back(RotationPorts& ports, const Target& target, Rotation& rotation);

}  // namespace certferry
