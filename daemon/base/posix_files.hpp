// SPDX-License-Identifier: MIT
#pragma once

#include "base/files.hpp"

namespace certferry {

/// The real file system.
class PosixFiles final : public Files {
public:
    Result<FileContents> read(const FilePath& path, std::size_t max_bytes) const override;
    Result<FileStamp> stamp(const FilePath& path) const override;
    Result<std::filesystem::path> link_target(const FilePath& path) const override;
    Result<std::vector<std::string>> names_in(const FilePath& path) const override;
};

/// A file descriptor that closes itself.
class OwnedDescriptor {
public:
    explicit OwnedDescriptor(int descriptor) : descriptor_(descriptor) {}
    OwnedDescriptor(OwnedDescriptor&& other) noexcept : descriptor_(other.descriptor_) {
        other.descriptor_ = -1;
    }
    OwnedDescriptor(const OwnedDescriptor&) = delete;
    OwnedDescriptor& operator=(const OwnedDescriptor&) = delete;
    OwnedDescriptor& operator=(OwnedDescriptor&&) = delete;
    ~OwnedDescriptor();

    int get() const { return descriptor_; }
    bool valid() const { return descriptor_ >= 0; }

private:
    int descriptor_;
};

}  // namespace certferry
