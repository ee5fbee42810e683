// SPDX-License-Identifier: MIT
#pragma once

#include "base/async.hpp"
#include "support/test_certificates.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

namespace certferry::tests {

/// An HTTPS server on 127.0.0.1, on the loop of the test. It answers with whatever bytes the test gives it,
/// and counts what reaches it.
class LoopbackServer {
public:
    struct Request {
        std::string head;
        std::string body;
    };

    enum class Then { keep_open, close, reset };

    struct Reply {
        std::string bytes;
        Then then = Then::keep_open;
        std::string unasked = "";  // sent along, in a TLS record of its own
    };

    /// Called for each request that arrives whole.
    using Handler = std::function<Awaitable<Reply>(const Request&)>;

    LoopbackServer(boost::asio::io_context& loop, const TestCertificate& identity, Handler handler);
    ~LoopbackServer();
    LoopbackServer(const LoopbackServer&) = delete;
    LoopbackServer& operator=(const LoopbackServer&) = delete;

    std::uint16_t port() const;
    /// Connections are still taken by the kernel, but nobody shakes hands any more.
    void go_deaf();
    /// Handshakes that were completed.
    int connections() const;
    /// How many of them resumed a session.
    int resumed_sessions() const;
    /// The name that the last of them asked for; empty for none.
    const std::string& asked_for() const;
    /// Requests that arrived whole.
    int requests() const;
    /// Connections that the other side ended.
    int hung_up() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

/// Who vouches for servers on loopback, and one of them: valid whenever the test runs, since a handshake
/// looks at the real clock.
TestCertificate loopback_ca();
TestCertificate loopback_identity(const std::string& name, const TestCertificate& ca);

/// "HTTP/1.1 200 OK" with a Date, this body and its length.
std::string http_ok(const std::string& body);

}  // namespace certferry::tests
