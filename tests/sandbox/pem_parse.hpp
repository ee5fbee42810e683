// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "openssl_handles.hpp"

#include <string_view>
#include <vector>

namespace certferry::sandbox {

using Chain = std::vector<Owned<X509>>;

/// All certificates of a text, at least one. Errors: pem_invalid.
Result<Chain> parse_chain(std::string_view text);

/// Errors: key_encrypted, pem_invalid.
Result<Owned<EVP_PKEY>> parse_key(const Secret& text);

}  // namespace certferry::sandbox
