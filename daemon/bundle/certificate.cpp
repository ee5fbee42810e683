// SPDX-License-Identifier: MIT
#include "bundle/certificate.hpp"

#include "bundle/names.hpp"

#include <array>
#include <ctime>
#include <functional>
#include <map>

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/pem.h>

namespace certferry {
namespace {

X509Ptr decode_anew(const Secret& der) {
    const auto* at = reinterpret_cast<const unsigned char*>(der.reveal().data());
    const auto* const end = at + der.reveal().size();
    X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.reveal().size())));
    return at == end ? std::move(certificate) : nullptr;
}

// Ten thousand lineages have a few issuers, which OpenSSL 3.0 takes long to decode. One thread.
class KnownIssuers {
public:
    // OpenSSL comes first, so that it goes last.
    KnownIssuers() { OPENSSL_init_crypto(0, nullptr); }

    X509Ptr find(const Secret& der) const {
        const auto known = known_.find(der.reveal());
        if (known == known_.end()) return nullptr;
        X509_up_ref(known->second.get());
        return X509Ptr(known->second.get());
    }

    void remember(const Secret& der, X509& issuer) {
        if (known_.size() == most) known_.clear();
        X509_up_ref(&issuer);
        known_.emplace(der.reveal(), X509Ptr(&issuer));
    }

private:
    static constexpr std::size_t most = 64;
    std::map<std::string, X509Ptr, std::less<>> known_;
};

X509Ptr decode(const Secret& der) {
    static KnownIssuers issuers;
    if (X509Ptr issuer = issuers.find(der)) return issuer;
    X509Ptr certificate = decode_anew(der);
    if (certificate != nullptr && is_ca(*certificate)) issuers.remember(der, *certificate);
    return certificate;
}

std::string to_line(const X509_NAME& name) {
    const BioPtr memory(or_out_of_memory(BIO_new(BIO_s_mem())));
    // UTF-8 as it is, control characters escaped.
    X509_NAME_print_ex(memory.get(), &name, 0, XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
    return std::string(written_pem(*memory));
}

std::chrono::sys_seconds to_time(const ASN1_TIME& time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(&time, &parts) != 1) return {};
    using namespace std::chrono;
    const sys_days day = year(parts.tm_year + 1900) / (parts.tm_mon + 1) / parts.tm_mday;
    return day + hours(parts.tm_hour) + minutes(parts.tm_min) + seconds(parts.tm_sec);
}

Fingerprint fingerprint_of(X509& certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    X509_digest(&certificate, EVP_sha256(), digest.data(), &size);
    std::string text;
    for (unsigned at = 0; at < size; ++at) text += fmt::format("{:02x}", digest.at(at));
    return Fingerprint(std::move(text));
}

}  // namespace

Result<std::vector<X509Ptr>> read_certificates(const std::vector<PemBlock>& blocks, std::string_view place) {
    const OpensslErrorScope errors;
    std::vector<X509Ptr> certificates;
    for (std::size_t at = 0; at < blocks.size(); ++at) {
        if (!blocks[at].is_certificate()) continue;
        certificates.push_back(decode(blocks[at].der));
        if (certificates.back() == nullptr)
            return Error(Errc::pem_invalid,
                         fmt::format("{}: PEM block {} is called a certificate but is none", place, at + 1));
    }
    if (certificates.empty()) return Error(Errc::pem_invalid, fmt::format("{}: no certificate in it", place));
    return certificates;
}

std::string to_pem(X509& certificate) {
    const BioPtr memory(or_out_of_memory(BIO_new(BIO_s_mem())));
    PEM_write_bio_X509(memory.get(), &certificate);
    return std::string(written_pem(*memory));
}

CertificateFacts facts_of(X509& certificate) {
    const OpensslErrorScope errors;
    CertificateFacts facts;
    facts.fingerprint = fingerprint_of(certificate);
    facts.not_before = to_time(*X509_get0_notBefore(&certificate));
    facts.not_after = to_time(*X509_get0_notAfter(&certificate));
    facts.names = names_of(certificate);
    facts.issuer = issuer_of(certificate);
    return facts;
}

std::string subject_of(X509& certificate) {
    return to_line(*X509_get_subject_name(&certificate));
}

std::string issuer_of(X509& certificate) {
    return to_line(*X509_get_issuer_name(&certificate));
}

bool is_ca(X509& certificate) {
    return X509_check_ca(&certificate) != 0;
}

bool is_self_signed(X509& certificate) {
    const OpensslErrorScope errors;
    return X509_self_signed(&certificate, 1) == 1;
}

bool is_issued_by(X509& certificate, X509& issuer) {
    const OpensslErrorScope errors;
    return X509_check_issued(&issuer, &certificate) == X509_V_OK &&
           X509_verify(&certificate, X509_get0_pubkey(&issuer)) == 1;
}

}  // namespace certferry
