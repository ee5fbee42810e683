// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/credentials.hpp"

#include <string_view>

namespace certferry {

/// Whether a credentials file is the official tools' INI: its first line that says anything is a section's
/// header.
bool is_ini_credentials(std::string_view text);

/// The official tools' file: secret_id, secret_key and perhaps token in [default], without quotes (reference:
/// tencent-cloud-api §3). Other sections and other keys are the tools' own affair. `source` is the file's
/// name, for messages, none of which repeats a line of it. Errors: config_invalid.
Result<Credentials> read_ini_credentials(std::string_view text, const std::string& source);

}  // namespace certferry
