// SPDX-License-Identifier: MIT
#include "rotate/plan.hpp"

namespace certferry {

bool same_certificate(const CertificateFacts& one, const CertificateFacts& other) {
    if (!one.fingerprint.empty() && !other.fingerprint.empty()) return one.fingerprint == other.fingerprint;
    return one.not_before == other.not_before && one.not_after == other.not_after && one.names == other.names;
}

Plan plan(const SuccessionEntry& head, const std::optional<Rotation>& open, const CertificateFacts& wanted) {
    if (open) return open->bundle.fingerprint == wanted.fingerprint ? Plan::resume : Plan::settle_first;
    return head.certificate && same_certificate(*head.certificate, wanted) ? Plan::nothing : Plan::begin;
}

}  // namespace certferry
