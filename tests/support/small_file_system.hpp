// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>

#include <sched.h>
#include <sys/mount.h>

namespace certferry::tests {

/// Mounts a file system of `size` ("1m") on a directory, for this process alone: to be called in a
/// ChildProcess. False where the system does not let us.
inline bool mount_small_file_system(const std::filesystem::path& on, const std::string& size) {
    if (::unshare(CLONE_NEWNS) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
    return ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
           ::mount("tmpfs", on.c_str(), "tmpfs", 0, ("mode=0700,size=" + size).c_str()) == 0;
}

/// From now on it can only be read. False while a file on it is open for writing.
inline bool remount_read_only(const std::filesystem::path& mounted) {
    return ::mount(nullptr, mounted.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) == 0;
}

}  // namespace certferry::tests
