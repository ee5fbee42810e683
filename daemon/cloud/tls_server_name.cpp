// SPDX-License-Identifier: MIT
#include "cloud/tls_server_name.hpp"

#include "config/forms.hpp"

namespace certferry {

void set_server_name(SSL& session, const std::string& host) {
    if (config::is_address(host)) return;
    // SSL_set_tlsext_host_name(), without the C casts of that macro.
    SSL_ctrl(&session, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
             const_cast<char*>(host.c_str()));
}

}  // namespace certferry
