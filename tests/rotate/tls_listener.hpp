// SPDX-License-Identifier: MIT
#pragma once

#include "support/test_certificates.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

namespace certferry::tests {

/// A listener on 127.0.0.1 that makes TLS handshakes and hangs up, for as long as it lives. It runs on
/// `loop`.
class TlsListener {
public:
    TlsListener(boost::asio::io_context& loop, const TestCertificate& certificate);
    ~TlsListener();
    TlsListener(const TlsListener&) = delete;
    TlsListener& operator=(const TlsListener&) = delete;

    /// From now on a handshake needs a certificate of the client. In TLS 1.2 it fails within the handshake.
    void demand_client_certificate();
    void speak_tls_1_2_at_most();

    std::uint16_t port() const;
    /// The server name of each handshake, empty for none.
    const std::vector<std::string>& names() const;

private:
    struct Serving;
    std::shared_ptr<Serving> serving_;
};

}  // namespace certferry::tests
