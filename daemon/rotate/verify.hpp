// SPDX-License-Identifier: MIT
#pragma once

#include "base/async.hpp"
#include "base/result.hpp"
#include "rotate/bindings.hpp"
#include "rotate/rotate.hpp"

namespace certferry {

/// Where the bindings of a rotation are now, read until two answers in a row are the same: a change that was
/// sent may still be under way. Errors: those of Cloud::bindings; read_failed when they keep changing.
Awaitable<Result<Movement>> read_back(RotationPorts& ports, const Rotation& rotation);

/// Looks for proof that an accepted rotation took effect, again and again for `verify.attempts_for`: every
/// binding of the old id is on the new one as it was, and every endpoint serves the new leaf twice in a row.
/// Errors: not_proven (nothing moved), split (some did), binding_altered, served_other, or what kept it from
/// looking.
Awaitable<Result<void>> verify(RotationPorts& ports, const Target& target, const Rotation& rotation);

}  // namespace certferry
