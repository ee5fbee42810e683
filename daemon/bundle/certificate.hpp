// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "bundle/bundle.hpp"
#include "bundle/openssl_ptr.hpp"
#include "bundle/pem.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Certificates as OpenSSL holds them. OpenSSL fills caches inside of an X509 when it is asked, hence X509&.
namespace certferry {

/// The certificates of PEM blocks, in their order; other blocks are passed over. At least one.
/// Errors: pem_invalid.
Result<std::vector<X509Ptr>> read_certificates(const std::vector<PemBlock>& blocks, std::string_view place);

/// PEM without a newline at its end.
std::string to_pem(X509& certificate);

CertificateFacts facts_of(X509& certificate);

/// One line for people: "C = US, O = Let's Encrypt, CN = R11".
std::string subject_of(X509& certificate);
std::string issuer_of(X509& certificate);

/// Whether it may sign other certificates: by its basicConstraints or, where it has none, as a version 1 root
/// or by its keyUsage.
bool is_ca(X509& certificate);

/// Whether its own key signed it.
bool is_self_signed(X509& certificate);

/// Whether `issuer` issued `certificate`: by name, key identifier, key usage, and by the signature.
bool is_issued_by(X509& certificate, X509& issuer);

}  // namespace certferry
