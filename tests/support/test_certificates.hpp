// SPDX-License-Identifier: MIT
#pragma once

#include "base/secret.hpp"
#include "base/time.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <openssl/types.h>

/// Keys and certificates made in memory, for tests only. What cannot be made throws.
namespace certferry::tests {

/// When tests take place: certificates are valid around it unless told otherwise.
inline constexpr std::chrono::sys_seconds test_now =
    std::chrono::sys_days(std::chrono::year(2026) / 11 / 24) + std::chrono::hours(12);

enum class KeyType { rsa, p256, p384, ed25519 };

/// A private key. Copies are the same key. RSA keys take long to make, so there are two for the whole
/// program.
class TestKey {
public:
    static TestKey make(KeyType type);  // an RSA key: always the same one
    static TestKey other_rsa();         // RSA, but not that of make()
    static TestKey from_pem(std::string_view pem);

    std::string pkcs8() const;             // BEGIN PRIVATE KEY
    std::string traditional() const;       // PKCS#1 or SEC1: BEGIN RSA PRIVATE KEY, BEGIN EC PRIVATE KEY
    std::string encrypted_pkcs8() const;   // BEGIN ENCRYPTED PRIVATE KEY
    std::string encrypted_legacy() const;  // PKCS#1 or SEC1 with Proc-Type: 4,ENCRYPTED

    EVP_PKEY* get() const { return key_.get(); }

private:
    explicit TestKey(EVP_PKEY* key);
    std::shared_ptr<EVP_PKEY> key_;
};

/// What a certificate shall say.
struct CertificateSpec {
    std::vector<std::string> names = {"www.example.com"};  // subjectAltName; "IP:192.0.2.1" for an address
    std::string common_name = "www.example.com";
    bool ca = false;
    std::chrono::sys_seconds not_before = test_now - std::chrono::days(1);
    std::chrono::sys_seconds not_after = test_now + std::chrono::days(89);
    std::string extended_key_usage = "serverAuth,clientAuth";  // of leaves
    TestKey key = TestKey::make(KeyType::p256);
};

/// A certificate with its private key. Copies are the same certificate; each one made differs.
class TestCertificate {
public:
    static TestCertificate self_signed(const CertificateSpec& spec);
    TestCertificate issue(const CertificateSpec& spec) const;

    std::string pem() const;  // ends in a newline, as files do
    const TestKey& key() const { return key_; }
    X509* get() const { return certificate_.get(); }

private:
    TestCertificate(X509* certificate, TestKey key);
    static TestCertificate make(const CertificateSpec& spec, const TestCertificate* issuer);

    std::shared_ptr<X509> certificate_;
    TestKey key_;
};

/// A root and an intermediate under it, as public CAs have.
struct TestCa {
    TestCertificate root;
    TestCertificate intermediate;

    explicit TestCa(const std::string& name = "Test");

    TestCertificate issue(const CertificateSpec& spec = {}) const { return intermediate.issue(spec); }
    /// What ACME clients write as fullchain.pem.
    std::string full_chain(const TestCertificate& leaf) const { return leaf.pem() + intermediate.pem(); }
};

}  // namespace certferry::tests
