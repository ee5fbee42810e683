// SPDX-License-Identifier: MIT
#include "support/test_certificates.hpp"

#include "bundle/openssl_ptr.hpp"

#include <stdexcept>

#include <openssl/encoder.h>
#include <openssl/pem.h>

namespace certferry::tests {
namespace {

constexpr std::string_view passphrase = "secret";

void require(bool done, const char* what) {
    if (!done) throw std::runtime_error(std::string("cannot make test material: ") + what);
}

EVP_PKEY* generate(KeyType type) {
    switch (type) {
        case KeyType::rsa:
            return EVP_RSA_gen(2048);
        case KeyType::p256:
            return EVP_EC_gen("P-256");
        case KeyType::p384:
            return EVP_EC_gen("P-384");
        case KeyType::ed25519:
            return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    }
    return nullptr;
}

std::string text_of(BIO& memory) {
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(&memory, &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

// OpenSSL 3's encoders: a way to PEM that the code under test does not take.
std::string encode(EVP_PKEY* key, const char* structure, bool encrypted) {
    const std::unique_ptr<OSSL_ENCODER_CTX, OpensslFree<OSSL_ENCODER_CTX_free>> encoder(
        OSSL_ENCODER_CTX_new_for_pkey(key, EVP_PKEY_KEYPAIR, "PEM", structure, nullptr));
    if (encrypted) {
        OSSL_ENCODER_CTX_set_cipher(encoder.get(), "AES-256-CBC", nullptr);
        OSSL_ENCODER_CTX_set_passphrase(
            encoder.get(), reinterpret_cast<const unsigned char*>(passphrase.data()), passphrase.size());
    }
    const BioPtr memory(BIO_new(BIO_s_mem()));
    require(OSSL_ENCODER_to_bio(encoder.get(), memory.get()) == 1, structure);
    return text_of(*memory);
}

void add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
    require(extension != nullptr, value.c_str());
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

void set_common_name(X509* certificate, const std::string& name) {
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.data()),
                               static_cast<int>(name.size()), -1, 0);
}

void set_validity(X509* certificate, const CertificateSpec& spec) {
    using std::chrono::system_clock;
    ASN1_TIME_set(X509_getm_notBefore(certificate), system_clock::to_time_t(spec.not_before));
    ASN1_TIME_set(X509_getm_notAfter(certificate), system_clock::to_time_t(spec.not_after));
}

std::string alternative_names(const std::vector<std::string>& names) {
    std::string list;
    for (const std::string& name : names) {
        if (!list.empty()) list += ',';
        list += name.starts_with("IP:") ? name : "DNS:" + name;
    }
    return list;
}

void add_extensions(X509* certificate, X509* issuer, const CertificateSpec& spec) {
    add_extension(certificate, issuer, NID_basic_constraints, spec.ca ? "critical,CA:TRUE" : "CA:FALSE");
    add_extension(certificate, issuer, NID_key_usage, spec.ca ? "keyCertSign,cRLSign" : "digitalSignature");
    add_extension(certificate, issuer, NID_subject_key_identifier, "hash");
    add_extension(certificate, issuer, NID_authority_key_identifier, "keyid");
    if (!spec.ca) add_extension(certificate, issuer, NID_ext_key_usage, spec.extended_key_usage);
    if (!spec.names.empty())
        add_extension(certificate, issuer, NID_subject_alt_name, alternative_names(spec.names));
}

CertificateSpec ca_spec(std::string name, KeyType type) {
    CertificateSpec spec;
    spec.names = {};
    spec.common_name = std::move(name);
    spec.ca = true;
    spec.not_before = test_now - std::chrono::days(1000);
    spec.not_after = test_now + std::chrono::days(3000);
    spec.key = TestKey::make(type);
    return spec;
}

}  // namespace

TestKey::TestKey(EVP_PKEY* key) : key_(key, EVP_PKEY_free) {
    require(key != nullptr, "a key");
}

TestKey TestKey::make(KeyType type) {
    static const TestKey rsa{generate(KeyType::rsa)};
    return type == KeyType::rsa ? rsa : TestKey(generate(type));
}

TestKey TestKey::other_rsa() {
    static const TestKey rsa{generate(KeyType::rsa)};
    return rsa;
}

TestKey TestKey::from_pem(std::string_view pem) {
    const BioPtr memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    return TestKey(PEM_read_bio_PrivateKey(memory.get(), nullptr, nullptr, nullptr));
}

std::string TestKey::pkcs8() const {
    return encode(key_.get(), "PrivateKeyInfo", false);
}

std::string TestKey::traditional() const {
    return encode(key_.get(), "type-specific", false);
}

std::string TestKey::encrypted_pkcs8() const {
    return encode(key_.get(), "EncryptedPrivateKeyInfo", true);
}

std::string TestKey::encrypted_legacy() const {
    return encode(key_.get(), "type-specific", true);
}

TestCertificate::TestCertificate(X509* certificate, TestKey key)
    : certificate_(certificate, X509_free), key_(std::move(key)) {}

TestCertificate TestCertificate::make(const CertificateSpec& spec, const TestCertificate* issuer) {
    static long serial = 0;
    TestCertificate made(X509_new(), spec.key);
    X509* const certificate = made.get();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
    set_common_name(certificate, spec.common_name);
    set_validity(certificate, spec);
    X509_set_pubkey(certificate, spec.key.get());

    X509* const by = issuer == nullptr ? certificate : issuer->get();
    EVP_PKEY* const signing_key = issuer == nullptr ? spec.key.get() : issuer->key().get();
    X509_set_issuer_name(certificate, X509_get_subject_name(by));
    add_extensions(certificate, by, spec);
    const bool hashes_itself = EVP_PKEY_get_base_id(signing_key) == EVP_PKEY_ED25519;
    require(X509_sign(certificate, signing_key, hashes_itself ? nullptr : EVP_sha256()) > 0, "a signature");
    return made;
}

TestCertificate TestCertificate::self_signed(const CertificateSpec& spec) {
    return make(spec, nullptr);
}

TestCertificate TestCertificate::issue(const CertificateSpec& spec) const {
    return make(spec, this);
}

std::string TestCertificate::pem() const {
    const BioPtr memory(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(memory.get(), certificate_.get());
    return text_of(*memory);
}

TestCa::TestCa(const std::string& name)
    : root(TestCertificate::self_signed(ca_spec(name + " Root", KeyType::p384))),
      intermediate(root.issue(ca_spec(name + " Intermediate", KeyType::p256))) {}

}  // namespace certferry::tests
