// SPDX-License-Identifier: MIT
#include "service/bundle_memory.hpp"

#include <algorithm>
#include <iterator>

namespace certferry {
namespace {

constexpr std::ptrdiff_t written_at_once = 200;  // some milliseconds, beside the waiting for the disk

}  // namespace

std::optional<KnownBundle> BundleMemory::find(const MappingName& mapping) {
    if (const auto kept = unwritten_.find(mapping); kept != unwritten_.end()) return kept->second;
    auto known = journal_.known_bundle(mapping);
    return known ? *std::move(known) : std::nullopt;
}

void BundleMemory::keep(const MappingName& mapping, const KnownBundle& bundle) {
    unwritten_.insert_or_assign(mapping, bundle);
}

bool BundleMemory::write_some() {
    if (unwritten_.empty()) return false;
    const auto end = std::next(unwritten_.begin(), std::min(written_at_once, std::ssize(unwritten_)));
    if (!journal_.know_bundles({unwritten_.begin(), end})) return false;
    unwritten_.erase(unwritten_.begin(), end);
    return !unwritten_.empty();
}

}  // namespace certferry
