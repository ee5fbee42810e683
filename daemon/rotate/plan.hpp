// SPDX-License-Identifier: MIT
#pragma once

#include "bundle/bundle.hpp"
#include "rotate/rotation.hpp"
#include "rotate/succession.hpp"

#include <optional>

namespace certferry {

/// What to do for a target now that a bundle is wanted.
enum class Plan {
    nothing,       // the head of the succession is that bundle
    begin,         // a new rotation
    resume,        // the open rotation is to that bundle: go on where it stands
    settle_first,  // the open rotation is to another bundle: end it, or prove it if it may have moved
                   // bindings
};

/// `head` is that of the succession.
Plan plan(const SuccessionEntry& head, const std::optional<Rotation>& open, const CertificateFacts& wanted);

/// Whether two descriptions are of one certificate: by fingerprint where both have one, otherwise by validity
/// and names.
bool same_certificate(const CertificateFacts& one, const CertificateFacts& other);

}  // namespace certferry
