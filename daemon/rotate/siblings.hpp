// SPDX-License-Identifier: MIT
#pragma once

#include "rotate/rotate.hpp"

#include <vector>

namespace certferry {

// The targets of a mapping in one account come to share ids, and so each other's listeners.

/// The open rotations of the mapping's other targets in the same account. Errors: those of the journal.
Result<std::vector<Rotation>> open_siblings(RotationPorts& ports, const Target& target);

/// Those of them that have begun to move listeners forward, and go on doing so by themselves.
Result<std::vector<Rotation>> moving_siblings(RotationPorts& ports, const Target& target);

/// Whether another target of the mapping, in the same account, knows an id or its certificate from its past.
/// Errors: those of the journal.
Result<bool> siblings_know(RotationPorts& ports, const Target& target, const CertificateId& id,
                           const CertificateFacts& certificate);

}  // namespace certferry
