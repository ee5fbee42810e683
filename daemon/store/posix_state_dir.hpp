// SPDX-License-Identifier: MIT
#pragma once

#include "base/posix_files.hpp"
#include "base/result.hpp"

#include <filesystem>

namespace certferry {

/// A daemon's state directory, held by this process alone until the value is gone. The hold is a lock on its
/// file `lock`, which the system drops with the process however it ends; the pid in that file is for people.
class PosixStateDir {
public:
    /// Makes the directory (mode 0700) if it is missing; its parent must be there. Errors: journal_locked
    /// when another process holds it, config_invalid when others may write in it, journal_unwritable.
    static Result<PosixStateDir> hold(const std::filesystem::path& directory);

    const std::filesystem::path& path() const { return path_; }

private:
    PosixStateDir(std::filesystem::path path, OwnedDescriptor lock)
        : path_(std::move(path)), lock_(std::move(lock)) {}

    std::filesystem::path path_;
    OwnedDescriptor lock_;
};

/// Makes the names in a directory durable: files created there, renamed or removed. Errors:
/// journal_unwritable.
Result<void> sync_directory(const std::filesystem::path& directory);

/// journal_unwritable with the path and the system's reason.
Error state_failure(const std::filesystem::path& path, int system_error);

}  // namespace certferry
