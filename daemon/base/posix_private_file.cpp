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

std::optional<Exposure> exposure(mode_t mode, uid_t owner, uid_t self) {
    if (owner != 0 && owner != self)
        return Exposure{
            fmt::format("it belongs to uid {}, who is neither root nor the daemon's user (uid {})", owner,
                        self),
            fmt::format("chown {}", self)};
    if ((mode & (S_IROTH | S_IWOTH | S_IWGRP)) != 0)
        return Exposure{fmt::format("others may read or write it (mode {:04o})", mode & 07777U),
                        "chmod 0600"};
    return std::nullopt;
}

Result<Secret> read_private_file(const std::filesystem::path& path, std::size_t max_bytes) {
    const Result<FileContents> contents = PosixFiles().read(path, max_bytes);
    if (!contents) return contents.error();

    // chmod and chown set ctime, so an equal stamp means that these are the permissions of what was read.
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || !describes(status, contents->stamp))
        return Error(Errc::bundle_changing, fmt::format("{}: replaced while it was read", path.string()))
            .with_remedy("nothing to do: it is read again");
    if (const auto flaw = exposure(status.st_mode, status.st_uid, ::geteuid()))
        return Error(Errc::file_unreadable, fmt::format("{}: {}", path.string(), flaw->reason))
            .with_remedy(fmt::format("run: {} {}", flaw->command, path.string()));
    return contents->bytes;
}

}  // namespace certferry
