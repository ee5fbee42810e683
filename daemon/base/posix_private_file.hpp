// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"

#include <filesystem>
#include <optional>
#include <string>

#include <sys/types.h>

namespace certferry {

/// A file with secrets, of at most `max_bytes`. Errors: those of Files::read(); and file_unreadable when
/// others than its owner could have read or written it, with the command that mends it.
Result<Secret> read_private_file(const std::filesystem::path& path, std::size_t max_bytes);

/// Why a file with secrets is too open for the daemon that runs as `self`: others may read or write it, its
/// group may write it, or its owner is neither root nor `self`. A group may read: systemd gives a service its
/// credentials, and packages their files, that way.
std::optional<std::string> exposure(mode_t mode, uid_t owner, uid_t self);

}  // namespace certferry
