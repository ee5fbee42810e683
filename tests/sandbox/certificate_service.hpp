// SPDX-License-Identifier: MIT
#pragma once

#include "store.hpp"
#include "world.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace certferry::sandbox {

// What both generations of the certificate service do alike.

/// No bound is published. A low one shows whether a client keeps its names short.
constexpr std::string_view alias_rule = "a certificate's name has at most 50 characters";
bool fits_as_alias(std::string_view alias);

/// A certificate that a call brings, judged as strictly as the service behaves. Errors: as judge_certificate.
Result<StoredCertificate> receive(CertificateType type, const std::string& alias,
                                  const std::string& chain_pem, Secret key_pem, const Behaviour& behaviour,
                                  WallTime now);

/// What the service's search finds: a part of the id, the alias or the name.
bool mentions(const StoredCertificate& certificate, const std::string& key);

/// 1 valid, 3 expired.
int validity_status(const StoredCertificate& certificate, WallTime now);

/// "2026-11-24 18:15:32", in China's time and without saying so, as the service does.
std::string china_time(WallTime time);

}  // namespace certferry::sandbox
