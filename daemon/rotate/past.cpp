// SPDX-License-Identifier: MIT
#include "rotate/past.hpp"

#include "rotate/plan.hpp"

#include <algorithm>

namespace certferry {
namespace {

constexpr std::size_t rotations_looked_at = 100;

}  // namespace

BindingSet Past::places() const {
    for (const Rotation& rotation : rotations)
        if (rotation.stage == Stage::done && !rotation.bindings.empty()) return rotation.bindings;
    return {};
}

bool Past::knows(const CertificateId& id, const CertificateFacts& certificate) const {
    const auto& entries = succession.entries;
    return std::any_of(entries.begin(), entries.end(), [&](const auto& entry) { return entry.id == id; }) ||
           std::any_of(rotations.begin(), rotations.end(), [&](const Rotation& rotation) {
               return same_certificate(rotation.bundle, certificate);
           });
}

Result<Past> past_of(Journal& journal, const TargetKey& target, WallTime now) {
    Past past;
    Result<std::vector<Rotation>> rotations = journal.rotations(target, rotations_looked_at);
    if (!rotations) return rotations.error();
    past.rotations = std::move(*rotations);
    Result<Succession> succession = journal.succession(target, now);
    if (!succession) return succession.error();
    past.succession = std::move(*succession);
    return past;
}

}  // namespace certferry
