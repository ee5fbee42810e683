// SPDX-License-Identifier: MIT
#include "base/posix_private_file.hpp"

#include "base/posix_files.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace certferry {
namespace {

bool describes(const struct stat& status, const FileStamp& stamp) {
    constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;
    return status.st_dev == stamp.device && status.st_ino == stamp.inode &&
           status.st_ctim.tv_sec * nanoseconds_per_second + status.st_ctim.tv_nsec == stamp.changed_ns;
}

}  // namespace

std::optional<std::string> exposure(mode_t mode, uid_t owner, uid_t self) {
    if (owner != 0 && owner != self)
        return fmt::format(
            "it belongs to uid {}, who is neither root nor the daemon's user (uid {}); run: chown {}", owner,
            self, self);
    if ((mode & (S_IROTH | S_IWOTH | S_IWGRP)) != 0)
        return fmt::format("others may read or write it (mode {:04o}); run: chmod 0600", mode & 07777U);
    return std::nullopt;
}

Result<Secret> read_private_file(const std::filesystem::path& path, std::size_t max_bytes) {
    const Result<FileContents> contents = PosixFiles().read(path, max_bytes);
    if (!contents) return contents.error();

    // chmod and chown set ctime, so an equal stamp means that these are the permissions of what was read.
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || !describes(status, contents->stamp))
        return Error(Errc::bundle_changing, fmt::format("{}: replaced while it was read", path.string()));
    if (const auto flaw = exposure(status.st_mode, status.st_uid, ::geteuid()))
        return Error(Errc::file_unreadable, fmt::format("{}: {} {}", path.string(), *flaw, path.string()));
    return contents->bytes;
}

}  // namespace certferry
