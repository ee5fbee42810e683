// SPDX-License-Identifier: MIT
#include "certificate_service.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace certferry::sandbox {

bool fits_as_alias(std::string_view alias) {
    constexpr std::size_t longest = 50;
    return alias.size() <= longest;
}

Result<StoredCertificate> receive(CertificateType type, const std::string& alias,
                                  const std::string& chain_pem, Secret key_pem, const Behaviour& behaviour,
                                  WallTime now) {
    const PemForm form = behaviour.strict_pem ? PemForm::exact : PemForm::any;
    const Result<CertificateSummary> judged = judge_certificate(type, chain_pem, key_pem, form);
    if (!judged) return judged.error();
    StoredCertificate certificate;
    certificate.alias = alias;
    certificate.type = type;
    certificate.chain_pem = chain_pem;
    certificate.key_pem = std::move(key_pem);
    certificate.summary = *judged;
    certificate.uploader = Uploader::api;
    certificate.stored_at = now;
    return certificate;
}

bool mentions(const StoredCertificate& certificate, const std::string& key) {
    return certificate.id.str().find(key) != std::string::npos ||
           certificate.alias.find(key) != std::string::npos ||
           certificate.summary.common_name.find(key) != std::string::npos;
}

int validity_status(const StoredCertificate& certificate, WallTime now) {
    constexpr int valid = 1;
    constexpr int expired = 3;
    return certificate.summary.not_after > now ? valid : expired;
}

std::string china_time(WallTime time) {
    const std::time_t shifted = std::chrono::system_clock::to_time_t(time + std::chrono::hours(8));
    return fmt::format("{:%Y-%m-%d %H:%M:%S}", fmt::gmtime(shifted));
}

}  // namespace certferry::sandbox
