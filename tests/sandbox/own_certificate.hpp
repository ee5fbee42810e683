// SPDX-License-Identifier: MIT
#pragma once

#include "base/secret.hpp"

#include <string>
#include <vector>

namespace certferry::sandbox {

/// The API's own server certificate, and the CA that issued it and nothing else. Made anew at each start.
struct OwnCertificate {
    std::string ca_pem;
    std::string chain_pem;
    Secret key_pem;
};

/// `names` as OpenSSL's subjectAltName has them: "DNS:localhost", "IP:127.0.0.1". Throws when OpenSSL fails.
OwnCertificate make_own_certificate(const std::vector<std::string>& names);

}  // namespace certferry::sandbox
