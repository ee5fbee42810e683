// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "rotate/rotation.hpp"
#include "rotate/succession.hpp"
#include "store/journal.hpp"

#include <vector>

namespace certferry {

/// What the journal knows of a target's past.
struct Past {
    std::vector<Rotation> rotations;  // newest first
    Succession succession;

    /// Where the head was bound when it was last seen to be; empty where it never was.
    BindingSet places() const;

    /// Whether an id is of the succession, or its certificate that of a rotation.
    bool knows(const CertificateId& id, const CertificateFacts& certificate) const;
};

/// Errors: those of the journal.
Result<Past> past_of(Journal& journal, const TargetKey& target, WallTime now);

}  // namespace certferry
