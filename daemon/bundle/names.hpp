// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <openssl/x509.h>

namespace certferry {

/// The DNS names and IP addresses that a certificate is for: lower case, sorted, once each. Those of its
/// subjectAltName; the common name only where there are none. A name that could not be a host's (with control
/// characters, say) is none.
std::vector<std::string> names_of(X509& certificate);

/// Whether a certificate for `held` serves `wanted`: the same name, or a wildcard for it, which stands for
/// exactly one label (RFC 6125 §6.4.3). A wanted wildcard is served by the same wildcard only.
bool covers(std::string_view held, std::string_view wanted);

/// Those of `wanted` that none of `held` covers.
std::vector<std::string> lost_names(const std::vector<std::string>& held,
                                    const std::vector<std::string>& wanted);

}  // namespace certferry
