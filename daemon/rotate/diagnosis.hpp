// SPDX-License-Identifier: MIT
#pragma once

#include "rotate/bindings.hpp"
#include "rotate/rotate.hpp"

#include <vector>

namespace certferry {

/// Broken bindings, by what is to be done about them. Others are seen to by the next attempt.
struct Diagnosis {
    std::vector<Binding> to_bind;
    std::vector<Binding> taken;  // somebody else's business by now
};

/// What is to be done about the lost and the altered ones. Taken is what has a certificate of somebody
/// else's, or one that ends later, and what another target of the mapping is on its way to with such a one; a
/// TLS mode that is left as it is there, and that nobody knows of, is told in the log. A place between two
/// certificates, or one that an answer tells of late, is empty for a moment only: it is to be bound when two
/// looks say so. Errors: what the calls say, and those of the journal.
Awaitable<Result<Diagnosis>> diagnose(RotationPorts& ports, const Target& target, const Rotation& rotation,
                                      Movement moves);

}  // namespace certferry
