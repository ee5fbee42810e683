// SPDX-License-Identifier: MIT
#include "own_certificate.hpp"

#include "openssl_handles.hpp"

#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/pem.h>

namespace certferry::sandbox {
namespace {

constexpr long seconds_of_a_day = 24L * 60 * 60;
constexpr long days_valid = 30;

void demand(bool done, const char* what) {
    if (!done) throw std::runtime_error(std::string("OpenSSL: ") + what);
}

Owned<EVP_PKEY> make_key() {
    Owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
    demand(key != nullptr, "no key");
    return key;
}

void add_extension(X509& certificate, X509& issuer, int kind, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, &issuer, &certificate, nullptr, nullptr, 0);
    const Owned<X509_EXTENSION> extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value));
    demand(extension && X509_add_ext(&certificate, extension.get(), -1) == 1, "no extension");
}

Owned<X509> make_unsigned(const char* common_name, long serial, EVP_PKEY& key) {
    Owned<X509> certificate(X509_new());
    demand(certificate != nullptr, "no certificate");
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -seconds_of_a_day);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), days_valid * seconds_of_a_day);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(common_name), -1, -1, 0);
    X509_set_pubkey(certificate.get(), &key);
    return certificate;
}

void sign(X509& certificate, X509& issuer, EVP_PKEY& issuer_key) {
    X509_set_issuer_name(&certificate, X509_get_subject_name(&issuer));
    add_extension(certificate, issuer, NID_authority_key_identifier, "keyid:always");
    demand(X509_sign(&certificate, &issuer_key, EVP_sha256()) > 0, "not signed");
}

Owned<X509> make_ca(EVP_PKEY& key) {
    Owned<X509> ca = make_unsigned("certferry-sandbox throw-away CA", 1, key);
    add_extension(*ca, *ca, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(*ca, *ca, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(*ca, *ca, NID_subject_key_identifier, "hash");
    sign(*ca, *ca, key);
    return ca;
}

Owned<X509> make_leaf(const std::vector<std::string>& names, EVP_PKEY& key, X509& ca, EVP_PKEY& ca_key) {
    Owned<X509> leaf = make_unsigned("certferry-sandbox", 2, key);
    add_extension(*leaf, ca, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(*leaf, ca, NID_key_usage, "critical,digitalSignature");
    add_extension(*leaf, ca, NID_ext_key_usage, "serverAuth");
    add_extension(*leaf, ca, NID_subject_key_identifier, "hash");
    add_extension(*leaf, ca, NID_subject_alt_name, fmt::format("{}", fmt::join(names, ",")).c_str());
    sign(*leaf, ca, ca_key);
    return leaf;
}

std::string_view contents(const Owned<BIO>& bio) {
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

std::string to_pem(X509& certificate) {
    const Owned<BIO> bio(BIO_new(BIO_s_mem()));
    demand(PEM_write_bio_X509(bio.get(), &certificate) == 1, "no PEM");
    return std::string(contents(bio));
}

Secret to_pem(EVP_PKEY& key) {
    const Owned<BIO> bio(BIO_new(BIO_s_mem()));
    demand(PEM_write_bio_PrivateKey(bio.get(), &key, nullptr, nullptr, 0, nullptr, nullptr) == 1, "no PEM");
    return Secret(contents(bio));
}

}  // namespace

OwnCertificate make_own_certificate(const std::vector<std::string>& names) {
    const Owned<EVP_PKEY> ca_key = make_key();
    const Owned<EVP_PKEY> key = make_key();
    const Owned<X509> ca = make_ca(*ca_key);
    const Owned<X509> leaf = make_leaf(names, *key, *ca, *ca_key);
    OwnCertificate own;
    own.ca_pem = to_pem(*ca);
    own.chain_pem = to_pem(*leaf);
    own.key_pem = to_pem(*key);
    return own;
}

}  // namespace certferry::sandbox
