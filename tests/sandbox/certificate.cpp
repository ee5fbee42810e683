// SPDX-License-Identifier: MIT
#include "certificate.hpp"

#include "openssl_handles.hpp"
#include "pem_form.hpp"
#include "pem_parse.hpp"

#include <array>
#include <ctime>

#include <fmt/format.h>
#include <openssl/err.h>

namespace certferry::sandbox {
namespace {

std::string digest_of(const X509& certificate, const EVP_MD* kind) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    X509_digest(&certificate, kind, digest.data(), &size);
    std::string text;
    for (unsigned i = 0; i < size; ++i) text += fmt::format("{:02x}", digest[i]);
    return text;
}

std::chrono::sys_seconds to_time(const ASN1_TIME* time) {
    std::tm calendar{};
    ASN1_TIME_to_tm(time, &calendar);
    return std::chrono::sys_seconds(std::chrono::seconds(::timegm(&calendar)));
}

std::string text_of(const ASN1_STRING* string) {
    return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
            static_cast<std::size_t>(ASN1_STRING_length(string))};
}

std::string common_name_of(X509& certificate) {
    const X509_NAME* const subject = X509_get_subject_name(&certificate);
    const int index = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
    if (index < 0) return "";
    return text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index)));
}

std::vector<std::string> dns_names_of(X509& certificate) {
    const Owned<GENERAL_NAMES> names(
        static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
    std::vector<std::string> found;
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i) {
        const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type == GEN_DNS) found.push_back(text_of(name->d.dNSName));
    }
    return found;
}

KeyAlgorithm algorithm_of(X509& certificate) {
    return EVP_PKEY_is_a(X509_get0_pubkey(&certificate), "RSA") == 1 ? KeyAlgorithm::rsa : KeyAlgorithm::ecc;
}

CertificateSummary summarise(X509& leaf) {
    CertificateSummary summary;
    summary.fingerprint = Fingerprint(digest_of(leaf, EVP_sha256()));
    summary.sha1 = digest_of(leaf, EVP_sha1());
    summary.algorithm = algorithm_of(leaf);
    summary.common_name = common_name_of(leaf);
    summary.names = dns_names_of(leaf);
    summary.not_before = to_time(X509_get0_notBefore(&leaf));
    summary.not_after = to_time(X509_get0_notAfter(&leaf));
    return summary;
}

Result<void> check_order(const Chain& chain) {
    for (std::size_t i = 1; i < chain.size(); ++i)
        if (X509_check_issued(chain[i].get(), chain[i - 1].get()) != X509_V_OK)
            return Error(Errc::chain_incomplete,
                         fmt::format("certificate {} did not issue certificate {} before it", i + 1, i));
    return {};
}

Result<void> check_key(const Chain& chain, const Secret& key) {
    if (key.empty()) return Error(Errc::key_missing, "a server certificate needs its private key");
    const Result<Owned<EVP_PKEY>> parsed = parse_key(key);
    if (!parsed) return parsed.error();
    const bool fits = X509_check_private_key(chain.front().get(), parsed->get()) == 1;
    ERR_clear_error();
    if (!fits) return Error(Errc::key_mismatch, "the private key does not belong to the first certificate");
    return {};
}

Result<void> check_ca(const Chain& chain) {
    if (X509_check_ca(chain.front().get()) == 0)
        return Error(Errc::not_a_ca, "a client certificate must be a CA's");
    return {};
}

Result<void> check_form(std::string_view chain, const Secret& key) {
    if (Result<void> fits = check_chain_form(chain); !fits) return fits.error().within("certificate");
    if (key.empty()) return {};
    if (Result<void> fits = check_key_form(key.reveal()); !fits) return fits.error().within("private key");
    return {};
}

}  // namespace

std::string_view to_text(CertificateType type) {
    return type == CertificateType::server ? "SVR" : "CA";
}

std::string_view to_text(KeyAlgorithm algorithm) {
    return algorithm == KeyAlgorithm::rsa ? "RSA" : "ECC";
}

std::optional<CertificateType> parse_certificate_type(std::string_view text) {
    for (const auto type : {CertificateType::server, CertificateType::client})
        if (text == to_text(type)) return type;
    return std::nullopt;
}

Result<Fingerprint> leaf_fingerprint(std::string_view chain) {
    const Result<Chain> parsed = parse_chain(chain);
    if (!parsed) return parsed.error();
    return Fingerprint(digest_of(*parsed->front(), EVP_sha256()));
}

Result<CertificateSummary> judge_certificate(CertificateType type, std::string_view chain, const Secret& key,
                                             PemForm form) {
    if (form == PemForm::exact)
        if (Result<void> fits = check_form(chain, key); !fits) return fits.error();
    const Result<Chain> parsed = parse_chain(chain);
    if (!parsed) return parsed.error();
    if (Result<void> ordered = check_order(*parsed); !ordered) return ordered.error();
    const Result<void> fits = type == CertificateType::server ? check_key(*parsed, key) : check_ca(*parsed);
    if (!fits) return fits.error();
    return summarise(*parsed->front());
}

}  // namespace certferry::sandbox
