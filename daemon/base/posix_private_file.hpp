// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"

#include <filesystem>
#include <optional>
#include <string>

#include <sys/types.h>

namespace certferry {

/// A file with secrets, of at most `max_bytes`. Errors: those of Files::read(); file_unreadable when it is
/// exposed, with the command that mends it; bundle_changing when it was replaced meanwhile.
Result<Secret> read_private_file(const std::filesystem::path& path, std::size_t max_bytes);

/// Why a file with secrets does not serve, and the command that mends it when the file's path follows.
struct Exposure {
    std::string reason;
    std::string command;

    friend bool operator==(const Exposure&, const Exposure&) = default;
};

/// What is too open for the daemon that runs as `self`: a file that others may read or write, that its group
/// may write, or whose owner is neither root nor `self`. A group may read: systemd gives a service its
/// credentials, and packages their files, that way.
std::optional<Exposure> exposure(mode_t mode, uid_t owner, uid_t self);

}  // namespace certferry
