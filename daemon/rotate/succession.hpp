// SPDX-License-Identifier: MIT
#pragma once

#include "base/ids.hpp"
#include "base/time.hpp"
#include "bundle/bundle.hpp"

#include <optional>
#include <vector>

namespace certferry {

/// What becomes of a superseded id in the cloud: no more mails about its expiry; gone.
enum class Retirement { muted, removed };

/// One id of a succession.
struct SuccessionEntry {
    CertificateId id;
    std::optional<CertificateFacts> certificate;  // none for a configured id that was never looked at
    WallTime since;                               // when it became the head
    std::optional<Retirement> retired;            // how far certferry has retired it

    friend bool operator==(const SuccessionEntry&, const SuccessionEntry&) = default;
};

/// The chain of certificate ids of a target, oldest first; never empty. It never forks and never forgets.
struct Succession {
    std::vector<SuccessionEntry> entries;

    /// The id to name as old next time.
    const SuccessionEntry& head() const { return entries.back(); }
};

}  // namespace certferry
