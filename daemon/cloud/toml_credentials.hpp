// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/credentials.hpp"

#include <filesystem>

namespace certferry {

/// A TOML file with secret_id, secret_key and, for temporary credentials, token, or the official tools' INI
/// file; readable by its owner only. Errors: those of read_private_file(); config_invalid when it is not such
/// a file. No message repeats a line of it. The parser's own buffers are freed without being wiped; what it
/// hands over is wiped.
Result<Credentials> read_credentials_file(const std::filesystem::path& path);

}  // namespace certferry
