// SPDX-License-Identifier: MIT
#pragma once

#include "rotate/bindings.hpp"
#include "rotate/rotate.hpp"

namespace certferry {

/// Ends a rotation whose bundle is no longer on disk, since a newer one has taken its place there, so that
/// the newer one can begin: superseded if it moved nothing, done if it moved bindings. Proof at an endpoint
/// is left to the newer one. Errors: what keeps it from being known, or from being healed; to be called again
/// then.
Awaitable<Result<void>> settle(RotationPorts& ports, const Target& target, Rotation& rotation);

/// How the certificate of a rotation is named and described in the cloud, without its contents.
Upload described_upload(const Target& target, const Rotation& rotation);

/// Looks for the rotation's certificate in the cloud, and notes its id if it is there.
Awaitable<Result<void>> find_new_id(RotationPorts& ports, const Target& target, Rotation& rotation);

/// What came of a replacement that was, or may have been, sent. The id of an inline delivery that is not
/// listed yet is noted where one of the places has it, and is then nothing to clean up. Errors: what the
/// calls say; read_failed while the bindings keep changing.
Awaitable<Result<Movement>> what_came_of_it(RotationPorts& ports, const Target& target, Rotation& rotation);

/// The failure that the certificate of an inline delivery is not listed, so that its id is not known.
Error not_listed(const Target& target, const Rotation& rotation);

}  // namespace certferry
