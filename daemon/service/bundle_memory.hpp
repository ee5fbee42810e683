// SPDX-License-Identifier: MIT
#pragma once

#include "bundle/found_bundle.hpp"
#include "store/journal.hpp"

#include <map>
#include <optional>

namespace certferry {

/// What each mapping's lineage held when it was last judged good, from one run of the daemon to the next. It
/// saves work and promises nothing: what it has lost, or the journal could not take, is judged again.
class BundleMemory {
public:
    explicit BundleMemory(Journal& journal) : journal_(journal) {}

    std::optional<KnownBundle> find(const MappingName& mapping);

    /// In memory, until it is written down: many at once, since each commit waits for the disk.
    void keep(const MappingName& mapping, const KnownBundle& bundle);

    /// Writes some of it to the journal. Whether there is more to write, which is worth trying now.
    bool write_some();

private:
    Journal& journal_;
    std::map<MappingName, KnownBundle> unwritten_;
};

}  // namespace certferry
