// SPDX-License-Identifier: MIT
#pragma once

#include "base/ids.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace certferry::sandbox {

/// A server's certificate ("SVR"), or the CA that vouches for clients in mutual TLS ("CA").
enum class CertificateType { server, client };

std::string_view to_text(CertificateType type);
std::optional<CertificateType> parse_certificate_type(std::string_view text);

/// A listener serves one certificate of each at the most.
enum class KeyAlgorithm { rsa, ecc };

std::string_view to_text(KeyAlgorithm algorithm);

/// What the leaf of a PEM chain says of itself.
struct CertificateSummary {
    Fingerprint fingerprint;
    std::string sha1;
    KeyAlgorithm algorithm = KeyAlgorithm::ecc;
    std::string common_name;
    std::vector<std::string> names;
    std::chrono::sys_seconds not_before;
    std::chrono::sys_seconds not_after;
};

/// Of the first certificate of a PEM text. Errors: pem_invalid.
Result<Fingerprint> leaf_fingerprint(std::string_view chain);

/// How closely a text must follow the form that CLB documents (cloud.tencent.com/document/product/214/38450
/// and the format page beside it): lines of 64 characters, no text or blank line around the blocks, an RSA
/// key as PKCS#1 and an EC key as SEC1, not encrypted.
enum class PemForm { exact, any };

/// Judges what is about to be stored: the form, the order (leaf first, each followed by its issuer), that the
/// key belongs to the leaf, that a client CA is one. `key` is empty for a client CA.
/// Errors: pem_invalid, key_missing, key_encrypted, key_mismatch, chain_incomplete, not_a_ca.
Result<CertificateSummary> judge_certificate(CertificateType type, std::string_view chain, const Secret& key,
                                             PemForm form);

}  // namespace certferry::sandbox
