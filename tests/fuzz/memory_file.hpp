// SPDX-License-Identifier: MIT
#pragma once

#include "base/posix_files.hpp"

#include <filesystem>
#include <string_view>

namespace certferry::tests {

/// A private file that is in memory alone, for what reads its input from a path.
class MemoryFile {
public:
    explicit MemoryFile(std::string_view text);

    const std::filesystem::path& path() const { return path_; }

private:
    OwnedDescriptor file_;
    std::filesystem::path path_;
};

}  // namespace certferry::tests
