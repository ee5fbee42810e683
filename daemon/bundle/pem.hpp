// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "bundle/openssl_ptr.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace certferry {

/// One BEGIN…END of a PEM text (RFC 7468).
struct PemBlock {
    std::string label;       // "CERTIFICATE", "EC PRIVATE KEY"
    bool encrypted = false;  // by a Proc-Type header of RFC 1421; PKCS#8 says it in its label
    Secret der;              // it may be a private key

    bool is_certificate() const;
    bool is_private_key() const { return label.ends_with("PRIVATE KEY"); }
};

/// More than any list of roots holds; a text with more of them is not ours to read.
inline constexpr std::size_t max_pem_blocks = 256;

/// The blocks of a text, in its order; at least one. Text around them, CRLF, a byte order mark and a missing
/// last newline do no harm. `place` is how messages name the text. Errors: pem_invalid, also for a text that
/// ends inside a block, as files do that are being written.
Result<std::vector<PemBlock>> read_pem(std::string_view text, std::string_view place);

/// What was written into a BIO_s_secmem as PEM, without the last newline (reference: tencent-cloud-api §5).
std::string_view written_pem(BIO& memory);

}  // namespace certferry
