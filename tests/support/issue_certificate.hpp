// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <openssl/evp.h>
#include <openssl/x509.h>

namespace certferry::tests {

/// A certificate and its key, made in memory.
struct Issued {
    std::shared_ptr<X509> certificate;
    std::shared_ptr<EVP_PKEY> key;

    std::string pem() const;
    std::string key_pem() const;
    /// As Fingerprint: SHA-256 of the DER, in lower-case hex.
    std::string fingerprint() const;
};

/// What a certificate is issued for. `names` as OpenSSL writes them: "DNS:www.example.com", "IP:127.0.0.1".
struct Order {
    std::string common_name = "test";
    std::vector<std::string> names;
    bool is_ca = false;
    std::chrono::sys_seconds not_before = std::chrono::sys_days(std::chrono::year(2020) / 1 / 1);
    std::chrono::sys_seconds not_after = std::chrono::sys_days(std::chrono::year(2100) / 1 / 1);
};

Issued issue_self_signed(const Order& order);
Issued issue(const Issued& issuer, const Order& order);

}  // namespace certferry::tests
