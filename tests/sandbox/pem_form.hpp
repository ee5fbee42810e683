// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"

#include <string_view>

namespace certferry::sandbox {

/// Only CERTIFICATE blocks, one directly under the other. Errors: pem_invalid.
Result<void> check_chain_form(std::string_view text);

/// One block, RSA PRIVATE KEY or EC PRIVATE KEY, in the clear. Errors: pem_invalid, key_encrypted.
Result<void> check_key_form(std::string_view text);

}  // namespace certferry::sandbox
