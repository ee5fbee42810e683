// SPDX-License-Identifier: MIT
#include "bundle/bundle.hpp"

#include "support/read_file.hpp"
#include "support/test_certificates.hpp"

#include <algorithm>

#include <doctest/doctest.h>
#include <openssl/err.h>

namespace certferry {

namespace {

using tests::CertificateSpec;
using tests::KeyType;
using tests::TestCa;
using tests::TestCertificate;
using tests::TestKey;

const TestCa& ca() {
    static const TestCa shared;
    return shared;
}

Result<Bundle> server_bundle(const std::string& chain, const std::string& key) {
    return make_server_bundle(chain, "chain.pem", Secret(key), "key.pem");
}

Result<Bundle> server_bundle(const TestCertificate& leaf) {
    return server_bundle(ca().full_chain(leaf), leaf.key().pkcs8());
}

std::string without_last_newline(std::string text) {
    text.pop_back();
    return text;
}

CertificateSpec with_key(TestKey key) {
    CertificateSpec spec;
    spec.key = std::move(key);
    return spec;
}

CertificateSpec another_ca(const TestKey& key) {
    CertificateSpec spec = with_key(key);
    spec.names = {};
    spec.common_name = "Another Root";
    spec.ca = true;
    return spec;
}

std::string join(const std::vector<std::string>& parts) {
    std::string text;
    for (const std::string& part : parts) text += part;
    return text;
}

TEST_CASE("a key comes out in Tencent's form whatever form it had") {
    for (const KeyType type : {KeyType::rsa, KeyType::p256, KeyType::p384}) {
        const TestCertificate leaf = ca().issue(with_key(TestKey::make(type)));
        const std::string expected = without_last_newline(leaf.key().traditional());
        for (const std::string& form : {leaf.key().pkcs8(), leaf.key().traditional()}) {
            const auto bundle = server_bundle(ca().full_chain(leaf), form);
            REQUIRE(bundle.has_value());
            CHECK((bundle->key_pem.reveal() == expected));
        }
    }
}

TEST_CASE("a block of EC parameters before the key is left out") {
    const TestCertificate leaf = ca().issue();
    const std::string parameters =
        "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
    const auto bundle = server_bundle(ca().full_chain(leaf), parameters + leaf.key().traditional());
    REQUIRE(bundle.has_value());
    CHECK((bundle->key_pem.reveal() == without_last_newline(leaf.key().traditional())));
}

TEST_CASE("what certbot wrote becomes what openssl makes of it") {
    // data/certbot: throw-away files of certbot 2.1.0; the expected keys were made of them by
    // `openssl ec -in` and `openssl rsa -traditional -in`.
    struct Case {
        std::string type;
        std::string expected_key;
        std::string fingerprint;
    };
    const std::vector<Case> cases = {
        {"ec", "ec-privkey.sec1.pem", "15bfccf9fbcfdac2ba147b244e514b3b8ca56eb07eb4e21b1b664c63e682aff6"},
        {"rsa", "rsa-privkey.pkcs1.pem", "830780a1c5058d1513c7bd5b7bb253fffac314fed1948bf1ab89f0aaeb877cab"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.type);
        const std::string folder = "bundle/data/certbot/";
        const std::string full_chain = tests::read_test_data(folder + c.type + "-fullchain.pem");
        const auto bundle =
            server_bundle(full_chain, tests::read_test_data(folder + c.type + "-privkey.pem"));
        REQUIRE(bundle.has_value());
        CHECK(bundle->fingerprint().str() == c.fingerprint);
        CHECK(bundle->leaf.names ==
              std::vector<std::string>{"api.test.example", "web.test.example", "www.test.example"});
        CHECK(bundle->leaf.issuer == "CN = Pebble Intermediate CA 3baade");
        CHECK((bundle->key_pem.reveal() ==
               without_last_newline(tests::read_test_data(folder + c.expected_key))));
        CHECK(bundle->chain_pem == without_last_newline(full_chain));
    }
}

TEST_CASE("a chain in any order, with repetitions, comes out leaf first and without the root") {
    const TestCertificate sub = ca().intermediate.issue([] {
        CertificateSpec spec = another_ca(TestKey::make(KeyType::p256));
        spec.common_name = "Sub CA";
        return spec;
    }());
    const TestCertificate leaf = sub.issue({});
    const std::string expected = without_last_newline(leaf.pem() + sub.pem() + ca().intermediate.pem());

    std::vector<std::string> parts = {leaf.pem(), sub.pem(), ca().intermediate.pem(), ca().root.pem(),
                                      leaf.pem()};
    std::ranges::sort(parts);
    do {
        const auto bundle = server_bundle(join(parts), leaf.key().pkcs8());
        REQUIRE(bundle.has_value());
        REQUIRE(bundle->chain_pem == expected);
        REQUIRE(bundle->reaches_root);
    } while (std::ranges::next_permutation(parts).found);
}

TEST_CASE("certificates that do not lead up from the leaf are never sent") {
    const TestCa other("Other");
    const TestCertificate leaf = ca().issue();
    const auto bundle = server_bundle(other.root.pem() + ca().full_chain(leaf) + other.intermediate.pem(),
                                      leaf.key().pkcs8());
    REQUIRE(bundle.has_value());
    CHECK(bundle->chain_pem == without_last_newline(ca().full_chain(leaf)));
    CHECK_FALSE(bundle->reaches_root);
}

TEST_CASE("an impostor with the issuer's name but another key is not taken for the issuer") {
    const TestCa impostor;  // the same names as ca()
    const TestCertificate leaf = ca().issue();
    const auto bundle =
        server_bundle(leaf.pem() + impostor.intermediate.pem() + ca().intermediate.pem(), leaf.key().pkcs8());
    REQUIRE(bundle.has_value());
    CHECK(bundle->chain_pem == without_last_newline(ca().full_chain(leaf)));
}

TEST_CASE("a cross-signed root that was put there is served, in place of the self-signed one") {
    const TestCa older("Older");
    CertificateSpec cross = another_ca(ca().root.key());
    cross.common_name = "Test Root";
    const TestCertificate cross_signed = older.root.issue(cross);
    const TestCertificate leaf = ca().issue();
    for (const std::string& roots :
         {cross_signed.pem() + ca().root.pem(), ca().root.pem() + cross_signed.pem()}) {
        const auto bundle = server_bundle(ca().full_chain(leaf) + roots, leaf.key().pkcs8());
        REQUIRE(bundle.has_value());
        CHECK(bundle->chain_pem == without_last_newline(ca().full_chain(leaf) + cross_signed.pem()));
    }
}

TEST_CASE("a self-signed leaf stays, alone") {
    for (const bool is_ca : {false, true}) {  // openssl req -x509 makes it a CA
        CertificateSpec spec;
        spec.ca = is_ca;
        const TestCertificate leaf = TestCertificate::self_signed(spec);
        const auto bundle = server_bundle(leaf.pem(), leaf.key().pkcs8());
        REQUIRE(bundle.has_value());
        CHECK(bundle->chain_pem == without_last_newline(leaf.pem()));
        CHECK(bundle->reaches_root);
    }
}

TEST_CASE("chain and key may share a file, in any order") {
    const TestCertificate leaf = ca().issue();
    std::vector<std::string> parts = {leaf.pem(), ca().intermediate.pem(), leaf.key().pkcs8()};
    std::ranges::sort(parts);
    do {
        const auto bundle = make_server_bundle(join(parts), "all.pem", Secret(join(parts)), "all.pem");
        REQUIRE(bundle.has_value());
        CHECK(bundle->chain_pem == without_last_newline(ca().full_chain(leaf)));
        CHECK((bundle->key_pem.reveal() == without_last_newline(leaf.key().traditional())));
    } while (std::ranges::next_permutation(parts).found);
}

TEST_CASE("every way of being no bundle has its own refusal") {
    const TestCertificate leaf = ca().issue();
    const TestCertificate next = ca().issue();
    const TestCertificate renewed_with_same_key = ca().issue(with_key(leaf.key()));
    const TestCertificate ed25519 = ca().issue(with_key(TestKey::make(KeyType::ed25519)));
    const TestCertificate rsa = ca().issue(with_key(TestKey::make(KeyType::rsa)));
    const std::string chain = ca().full_chain(leaf);
    const std::string key = leaf.key().pkcs8();
    const std::string no_certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    const std::string no_key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";

    struct Case {
        std::string situation;
        std::string chain;
        std::string key;
        Errc code;
        std::string message_part;
    };
    const std::vector<Case> cases = {
        {"an empty chain file", "", key, Errc::pem_invalid, "chain.pem: the file is empty"},
        {"an empty key file", chain, "", Errc::pem_invalid, "key.pem: the file is empty"},
        {"a chain file of something else", "hello", key, Errc::pem_invalid, "chain.pem: no PEM block"},
        {"a key file of something else", chain, "hello", Errc::pem_invalid, "key.pem: no PEM block"},
        {"a chain file with a key only", key, key, Errc::pem_invalid, "chain.pem: no certificate"},
        {"a certificate that is none", no_certificate, key, Errc::pem_invalid, "chain.pem: PEM block 1"},
        {"a key that is none", chain, no_key, Errc::pem_invalid, "key.pem: its PRIVATE KEY"},
        {"a key file with certificates only", chain, chain, Errc::key_missing, "key.pem: no private key"},
        {"two keys", chain, key + next.key().pkcs8(), Errc::pem_invalid, "key.pem: 2 private keys"},
        {"an encrypted PKCS#8 key", chain, leaf.key().encrypted_pkcs8(), Errc::key_encrypted, "key.pem"},
        {"an encrypted SEC1 key", chain, leaf.key().encrypted_legacy(), Errc::key_encrypted, "key.pem"},
        {"an encrypted PKCS#1 key", ca().full_chain(rsa), rsa.key().encrypted_legacy(), Errc::key_encrypted,
         "key.pem"},
        {"an Ed25519 key", ca().full_chain(ed25519), ed25519.key().pkcs8(), Errc::pem_invalid,
         "key.pem: the private key is of type ED25519; CLB takes RSA and EC keys only"},
        {"a new key beside an old chain", chain, next.key().pkcs8(), Errc::key_mismatch,
         "the key in key.pem does not belong to the leaf in chain.pem; a renewal may be half written"},
        {"a key of another type", chain, rsa.key().pkcs8(), Errc::key_mismatch, "key.pem"},
        {"an RSA key of another certificate", ca().full_chain(rsa), TestKey::other_rsa().pkcs8(),
         Errc::key_mismatch, "key.pem"},
        {"the issuer's key", chain, ca().intermediate.key().pkcs8(), Errc::key_mismatch, "key.pem"},
        {"another key in the chain file", chain + next.key().pkcs8(), key, Errc::key_mismatch,
         "chain.pem: it holds another private key than key.pem"},
        {"two generations in the chain file", chain + next.pem(), key, Errc::leaf_ambiguous,
         "chain.pem: 2 certificates could be the leaf"},
        {"two generations with one key", chain + renewed_with_same_key.pem(), key, Errc::leaf_ambiguous,
         "CN = www.example.com"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.situation);
        const auto bundle = server_bundle(c.chain, c.key);
        REQUIRE_FALSE(bundle.has_value());
        CHECK(bundle.error().code() == c.code);
        CHECK_MESSAGE(bundle.error().message().find(c.message_part) != std::string::npos,
                      bundle.error().message());
    }
    CHECK(ERR_peek_error() == 0);
}

TEST_CASE("facts are those of the leaf") {
    CertificateSpec spec;
    spec.names = {"b.example", "A.example"};
    spec.not_before = std::chrono::sys_days(std::chrono::year(2026) / 2 / 28) + std::chrono::seconds(86399);
    spec.not_after = std::chrono::sys_days(std::chrono::year(2051) / 1 / 1);  // GeneralizedTime
    const TestCertificate leaf = ca().issue(spec);
    const auto bundle = server_bundle(leaf);
    REQUIRE(bundle.has_value());
    CHECK(bundle->leaf.names == std::vector<std::string>{"a.example", "b.example"});
    CHECK(bundle->leaf.not_before == spec.not_before);
    CHECK(bundle->leaf.not_after == spec.not_after);
    CHECK(bundle->leaf.issuer == "CN = Test Intermediate");
    CHECK_FALSE(bundle->is_ca);

    const auto facts = certificate_facts(ca().full_chain(leaf), "served");
    REQUIRE(facts.has_value());
    CHECK((*facts == bundle->leaf));
    CHECK(certificate_facts("", "served").error().code() == Errc::pem_invalid);
    CHECK(certificate_facts(leaf.key().pkcs8(), "served").error().code() == Errc::pem_invalid);
}

TEST_CASE("a client CA keeps its root, and takes no key along") {
    for (const std::string& text : {ca().intermediate.pem() + ca().root.pem(),
                                    ca().root.pem() + ca().root.key().pkcs8() + ca().intermediate.pem()}) {
        const auto bundle = make_client_bundle(text, "ca.pem");
        REQUIRE(bundle.has_value());
        CHECK(bundle->chain_pem == without_last_newline(ca().intermediate.pem() + ca().root.pem()));
        CHECK(bundle->leaf.issuer == "CN = Test Root");
        CHECK(bundle->key_pem.empty());
        CHECK(bundle->is_ca);
    }
}

TEST_CASE("a client CA file with two unrelated CAs is ambiguous, with none invalid") {
    const TestCa other("Other");
    const auto two = make_client_bundle(ca().root.pem() + other.root.pem(), "ca.pem");
    REQUIRE_FALSE(two.has_value());
    CHECK(two.error().code() == Errc::leaf_ambiguous);
    CHECK(two.error().message() ==
          "ca.pem: 2 certificates could be the leaf: CN = Test Root; CN = Other Root");
    CHECK(make_client_bundle(ca().root.key().pkcs8(), "ca.pem").error().code() == Errc::pem_invalid);
}

}  // namespace
}  // namespace certferry
