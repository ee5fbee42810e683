// SPDX-License-Identifier: MIT
#include "base/posix_files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace certferry {
namespace {

Error failure(const FilePath& path, int error) {
    const auto say = [&](Errc code) {
        return Error(code, fmt::format("{}: {}", path.string(), std::generic_category().message(error)));
    };
    if (error == ENOENT || error == ENOTDIR) return say(Errc::file_missing);
    if (error == EACCES || error == EPERM) return say(Errc::file_unreadable);
    return say(Errc::file_unfit);
}

std::int64_t nanoseconds(const timespec& time) {
    return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

FileStamp stamp_of(const struct stat& status) {
    return {status.st_dev, status.st_ino, static_cast<std::uint64_t>(status.st_size),
            nanoseconds(status.st_mtim), nanoseconds(status.st_ctim)};
}

Result<FileStamp> stamp_of(const OwnedDescriptor& file, const FilePath& path) {
    struct stat status {};
    if (::fstat(file.get(), &status) != 0) return failure(path, errno);
    if (!S_ISREG(status.st_mode))
        return Error(Errc::file_unfit, fmt::format("{}: not a regular file", path.string()));
    return stamp_of(status);
}

}  // namespace

OwnedDescriptor::~OwnedDescriptor() {
    if (valid()) ::close(descriptor_);
}

Result<FileContents> PosixFiles::read(const FilePath& path, std::size_t max_bytes) const {
    const OwnedDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file.valid()) return failure(path, errno);

    const Result<FileStamp> before = stamp_of(file, path);
    if (!before) return before.error();
    if (before->size > max_bytes)
        return Error(Errc::file_unfit, fmt::format("{}: {} bytes, more than the {} that are read",
                                                   path.string(), before->size, max_bytes));

    FileContents contents;
    contents.bytes.reserve(before->size);
    std::array<char, 16384> part{};
    std::size_t total = 0;
    for (;;) {
        const ssize_t got = ::read(file.get(), part.data(), part.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failure(path, errno);
        if (got == 0) break;
        total += static_cast<std::size_t>(got);
        if (total > max_bytes) break;
        contents.bytes.append({part.data(), static_cast<std::size_t>(got)});
    }
    OPENSSL_cleanse(part.data(), part.size());

    const Result<FileStamp> after = stamp_of(file, path);
    if (!after) return after.error();
    if (*after != *before || total != before->size)
        return Error(Errc::bundle_changing, fmt::format("{}: written to while it was read", path.string()));
    contents.stamp = *after;
    return contents;
}

Result<FileStamp> PosixFiles::stamp(const FilePath& path) const {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return failure(path, errno);
    return stamp_of(status);
}

Result<std::filesystem::path> PosixFiles::link_target(const FilePath& path) const {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) return failure(path, errno);
    if (!S_ISLNK(status.st_mode)) return std::filesystem::path();
    std::error_code error;
    auto target = std::filesystem::read_symlink(path, error);
    if (error) return failure(path, error.value());
    return target;
}

Result<std::vector<std::string>> PosixFiles::names_in(const FilePath& path) const {
    std::vector<std::string> names;
    std::error_code error;
    for (std::filesystem::directory_iterator at(path, error), end; !error && at != end; at.increment(error))
        names.push_back(at->path().filename());
    if (error) return failure(path, error.value());
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace certferry
