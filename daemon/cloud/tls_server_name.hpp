// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include <openssl/ssl.h>

namespace certferry {

/// Asks for the certificate of `host`: by SNI, unless it is an IP address (RFC 6066 §3).
void set_server_name(SSL& session, const std::string& host);

}  // namespace certferry
