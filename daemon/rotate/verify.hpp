// SPDX-License-Identifier: MIT
#pragma once

#include "base/async.hpp"
#include "base/result.hpp"
#include "rotate/bindings.hpp"
#include "rotate/rotate.hpp"

namespace certferry {

/// Where one id is bound. Errors: those of Cloud::bindings.
Awaitable<Result<BindingSet>> bindings_of(RotationPorts& ports, const CertificateId& id);

/// Where the bindings of a rotation are now: two answers in a row that are the same. As long as they have not
/// all moved, a call that was sent may still come true, so the answer is then not given before the time in
/// which the call would have been answered is over. Errors: those of Cloud::bindings; read_failed when they
/// keep changing; interrupted.
Awaitable<Result<Movement>> read_back(RotationPorts& ports, const Target& target, const Rotation& rotation);

/// The same by one answer, whatever may still be under way. Errors: those of Cloud::bindings.
Awaitable<Result<Movement>> current_movement(RotationPorts& ports, const Rotation& rotation);

/// The failures that a movement may be: listeners left with neither certificate; listeners left behind;
/// listeners that speak TLS otherwise than before.
Error lost_bindings(const Rotation& rotation, const Movement& moves);
Error left_behind(const Rotation& rotation, const Movement& moves);
Error altered_bindings(const Rotation& rotation, const Movement& moves);

/// Looks for proof that an accepted rotation took effect, again and again for `verify.attempts_for`: every
/// binding of the old id is on the new one as it was, and every endpoint serves the new leaf twice in a row.
/// What is broken (binding_lost, binding_altered) is told as soon as it was seen three times in a row.
/// Errors: not_proven (nothing moved), split (some did), binding_lost, binding_altered, served_other, or what
/// kept it from looking.
Awaitable<Result<void>> verify(RotationPorts& ports, const Target& target, const Rotation& rotation);

}  // namespace certferry
