// SPDX-License-Identifier: MIT
#pragma once

#include "base/file_path.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

#include <compare>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace certferry {

/// What tells one state of a file from another without reading it. A rewrite in place keeps dev and ino, a
/// copy may keep size and mtime; ctime cannot be set back (reference: acme-clients §4.7).
struct FileStamp {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::uint64_t size = 0;
    std::int64_t modified_ns = 0;
    std::int64_t changed_ns = 0;

    friend auto operator<=>(const FileStamp&, const FileStamp&) = default;
};

/// A file's contents, and the stamp of the very file that was read (taken on the open descriptor, and the
/// same before and after reading).
struct FileContents {
    Secret bytes;
    FileStamp stamp;
};

/// Port: the file system, read only.
class Files {
public:
    virtual ~Files() = default;

    /// A regular file of at most `max_bytes`. Never blocks on a FIFO or a device. Errors: file_missing,
    /// file_unreadable (permission), file_unfit (not regular, too large), bundle_changing (written
    /// meanwhile).
    virtual Result<FileContents> read(const FilePath& path, std::size_t max_bytes) const = 0;

    /// The stamp of what `path` leads to, links followed. Errors as read().
    virtual Result<FileStamp> stamp(const FilePath& path) const = 0;

    /// Where the symbolic link at `path` points, as written in it; an empty path when it is no link.
    /// Errors: file_missing, file_unreadable.
    virtual Result<std::filesystem::path> link_target(const FilePath& path) const = 0;

    /// The names in the directory that `path` leads to, sorted. Errors: file_missing, file_unreadable.
    virtual Result<std::vector<std::string>> names_in(const FilePath& path) const = 0;
};

}  // namespace certferry
