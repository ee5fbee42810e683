// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "bundle/openssl_ptr.hpp"
#include "bundle/pem.hpp"

#include <string_view>
#include <vector>

namespace certferry {

/// Every private key among PEM blocks, in PKCS#1, SEC1 or PKCS#8. Never asks for a passphrase. Errors:
/// key_encrypted; pem_invalid, also for a key that is neither RSA nor EC, which CLB does not take
/// (https://cloud.tencent.com/document/product/214/38450).
Result<std::vector<PkeyPtr>> read_private_keys(const std::vector<PemBlock>& blocks, std::string_view place);

/// An RSA key as PKCS#1, an EC key as SEC1 without a block of parameters; no newline at the end.
Secret to_pem(EVP_PKEY& key);

}  // namespace certferry
