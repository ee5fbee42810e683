// SPDX-License-Identifier: MIT
#pragma once

#include "api3_actions.hpp"

#include <array>
#include <variant>

namespace certferry::sandbox {

/// CertificateInput of the load balancers' API: ids of what is stored, or contents that make a new entry.
inline constexpr std::array certificate_parameters = {
    Known{"Certificate.SSLMode"},  Known{"Certificate.SSLVerifyClient"}, Known{"Certificate.CertId"},
    Known{"Certificate.CertName"}, Known{"Certificate.CertContent"},     Known{"Certificate.CertKey"},
    Known{"Certificate.CertCaId"}, Known{"Certificate.CertCaName"},      Known{"Certificate.CertCaContent"}};

/// MultiCertificateInfo, by ids: server certificates of different algorithms, and the CA of mutual TLS.
inline constexpr std::array multi_certificate_parameters = {Known{"MultiCertInfo.SSLMode"},
                                                            Known{"MultiCertInfo.SSLVerifyClient"},
                                                            Known{"MultiCertInfo.CertList.CertId"}};

/// What a listener or a rule is to serve, by one of the two. What is not said is as documented: one-way TLS.
std::variant<Served, Api3Refusal> read_served(const Api3Context& context);

/// What ReplaceCertForLoadBalancers asks for, of an old certificate of this type. A client CA's successor may
/// be named as CertCaId or as CertId: which of them Tencent means is not documented.
std::variant<Replacement, Api3Refusal> read_replacement(const Api3Context& context, CertificateType type);

}  // namespace certferry::sandbox
