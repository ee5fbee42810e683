// SPDX-License-Identifier: MIT
#pragma once

#include "base/files.hpp"
#include "watch/watch.hpp"

#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

namespace certferry {

/// Where the links lead that were met on the way to files: most of the way is the same for many of them. For
/// one pass over them; what it remembers is soon no longer what is on disk.
class MetLinks {
public:
    /// As Files::link_target; empty too for what is missing or hidden.
    const std::string& target(const Files& files, const std::string& path);

private:
    std::unordered_map<std::string, std::string> targets_;
};

/// Every step on the way of `paths`, the chain and the key of a lineage, through all symbolic links: where
/// something has to change for one of them to lead elsewhere. Only this set sees every ACME client's
/// renewals, whether it rewrites files, swaps links or swaps directories (reference: acme-clients §2).
///
/// The paths are absolute. The directories are resolved; the steps are sorted (a parent before what is in it)
/// and unique. Directories that do not exist yet are among them, next to the existing ones in which they will
/// appear. As in Linux, 40 links are followed; a loop of links ends there.
std::vector<Step> steps_of(const Files& files, const std::vector<std::filesystem::path>& paths,
                           MetLinks& met);

}  // namespace certferry
