// SPDX-License-Identifier: MIT
#pragma once

#include "base/files.hpp"

#include <filesystem>
#include <vector>

namespace certferry {

/// Every directory in which a component of `path` is looked up, through all symbolic links: where something
/// has to change for `path` to lead elsewhere. Only this set sees every ACME client's renewals, whether it
/// rewrites files, swaps links or swaps directories (reference: acme-clients §2).
///
/// `path` is absolute. The directories are resolved, sorted (a parent before what is in it) and unique. Those
/// that do not exist yet are among them, next to the existing ones in which they will appear. As in Linux, 40
/// links are followed; a loop of links ends there.
std::vector<std::filesystem::path> directories_of(const Files& files, const std::filesystem::path& path);

/// The same for several paths together: the chain and the key of a lineage.
std::vector<std::filesystem::path> directories_of(const Files& files,
                                                  const std::vector<std::filesystem::path>& paths);

}  // namespace certferry
