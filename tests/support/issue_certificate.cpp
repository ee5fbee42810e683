// SPDX-License-Identifier: MIT
#include "support/issue_certificate.hpp"

#include <array>
#include <ctime>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace certferry::tests {
namespace {

void require(bool good, const char* what) {
    if (!good) throw std::runtime_error(std::string("cannot make a test certificate: ") + what);
}

std::string text_of(BIO* memory) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory, &data);
    std::string text(data, static_cast<std::size_t>(size));
    BIO_free(memory);
    return text;
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context{};
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    require(extension != nullptr, "extension");
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

void set_name(X509* certificate, const std::string& common_name) {
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0);
}

void set_serial(X509* certificate) {
    static long last = 0;
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++last);
}

Issued unsigned_certificate(const Order& order) {
    Issued issued;
    issued.key.reset(EVP_EC_gen("P-256"), EVP_PKEY_free);
    issued.certificate.reset(X509_new(), X509_free);
    require(issued.key && issued.certificate, "key");
    X509* const certificate = issued.certificate.get();
    X509_set_version(certificate, X509_VERSION_3);
    set_serial(certificate);
    set_name(certificate, order.common_name);
    ASN1_TIME_set(X509_getm_notBefore(certificate), std::chrono::system_clock::to_time_t(order.not_before));
    ASN1_TIME_set(X509_getm_notAfter(certificate), std::chrono::system_clock::to_time_t(order.not_after));
    X509_set_pubkey(certificate, issued.key.get());
    return issued;
}

void sign(const Issued& issued, const Order& order, X509* issuer, EVP_PKEY* issuer_key) {
    X509* const certificate = issued.certificate.get();
    X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
    add_extension(certificate, issuer, NID_basic_constraints, order.is_ca ? "critical,CA:TRUE" : "CA:FALSE");
    if (!order.names.empty())
        add_extension(certificate, issuer, NID_subject_alt_name,
                      fmt::format("{}", fmt::join(order.names, ",")));
    require(X509_sign(certificate, issuer_key, EVP_sha256()) != 0, "signature");
}

}  // namespace

std::string Issued::pem() const {
    BIO* const memory = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(memory, certificate.get());
    return text_of(memory);
}

std::string Issued::key_pem() const {
    BIO* const memory = BIO_new(BIO_s_mem());
    PEM_write_bio_PrivateKey(memory, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    return text_of(memory);
}

std::string Issued::fingerprint() const {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    X509_digest(certificate.get(), EVP_sha256(), digest.data(), &size);
    return fmt::format("{:02x}", fmt::join(digest.begin(), digest.begin() + size, ""));
}

Issued issue_self_signed(const Order& order) {
    Issued issued = unsigned_certificate(order);
    sign(issued, order, issued.certificate.get(), issued.key.get());
    return issued;
}

Issued issue(const Issued& issuer, const Order& order) {
    Issued issued = unsigned_certificate(order);
    sign(issued, order, issuer.certificate.get(), issuer.key.get());
    return issued;
}

}  // namespace certferry::tests
