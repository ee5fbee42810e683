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

namespace certferry {

/// What is known of one certificate, ours or the cloud's.
struct CertificateFacts {
    Fingerprint fingerprint;  // empty when only dates and names are known
    std::chrono::sys_seconds not_before;
    std::chrono::sys_seconds not_after;
    std::vector<std::string> names;  // DNS names and IP addresses, lower case, sorted, once each
    std::string issuer;              // one line, for people

    friend bool operator==(const CertificateFacts&, const CertificateFacts&) = default;
};

/// One consistent reading of a lineage, in the form that Tencent accepts (reference: tencent-cloud-api §5):
/// PEM with 64 columns and LF, leaf first, then its issuers in order, no text or blank lines between, no
/// newline at the end; an RSA key as PKCS#1, an EC key as SEC1. Certificates that do not lead from the leaf
/// upwards are left out. So is the self-signed root behind a server's leaf, which whoever trusts it has; of a
/// client CA it stays, since it is what the load balancer shall trust.
struct Bundle {
    CertificateFacts leaf;
    std::string chain_pem;
    Secret key_pem;             // empty for a client CA
    bool is_ca = false;         // the leaf may sign certificates
    bool reaches_root = false;  // the file held the chain up to a self-signed certificate

    const Fingerprint& fingerprint() const { return leaf.fingerprint; }
};

/// A server's certificate: makes a bundle of the texts of a chain file and a key file (which may be one and
/// the same). Certificates may come in any order, with text around the blocks; the leaf is the one whose key
/// this is, and there may be no other that is no CA's. A key in the chain file must be the same key.
/// `chain_name` and `key_name` are how messages name the two places. Keys of other types than RSA and EC are
/// pem_invalid.
/// Errors: pem_invalid, key_encrypted, key_missing, key_mismatch, leaf_ambiguous.
Result<Bundle> make_server_bundle(std::string_view chain, std::string_view chain_name, const Secret& key,
                                  std::string_view key_name);

/// A client CA for mutual TLS: certificates only; a key in the file is never taken along. The leaf is the one
/// that issued none of the others. Errors: pem_invalid, leaf_ambiguous.
Result<Bundle> make_client_bundle(std::string_view chain, std::string_view chain_name);

/// What a PEM certificate (the first of the text) says of itself. Errors: pem_invalid.
Result<CertificateFacts> certificate_facts(std::string_view pem, std::string_view place);

}  // namespace certferry
