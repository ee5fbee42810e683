// SPDX-License-Identifier: MIT
#pragma once

#include "base/asio_names.hpp"
#include "base/async.hpp"
#include "base/result.hpp"
#include "cloud/beast_message.hpp"
#include "cloud/tls_trust.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/tcp_stream.hpp>

namespace certferry {

/// One connection to an HTTP server, over TLS where it has roots. It is closed when it goes.
class BeastConnection {
public:
    /// `roots` is null for plain HTTP.
    BeastConnection(const boost::asio::any_io_executor& executor, std::shared_ptr<TlsRoots> roots);

    /// The first of `addresses` that accepts; each has an even share of what is left until `deadline`, so
    /// that one which swallows everything does not take the others' time.
    Awaitable<boost::system::error_code> connect(AsioNames::Addresses addresses,
                                                 std::chrono::steady_clock::time_point deadline);
    /// TLS with the host of `url`, whose last session is resumed; nothing where there are no roots.
    Awaitable<Result<void>> shake_hands(const std::string& url);

    Awaitable<boost::system::error_code> write(const Secret& text);
    Awaitable<boost::system::error_code> read(BeastBuffer& buffer, BeastParser& parser);

    std::chrono::steady_clock::time_point opened() const { return opened_; }
    /// Keeps the TLS session for the next connection to the host of `url`.
    void remember_session(const std::string& url);
    /// Whether the other side still listens, as far as can be seen, and has sent nothing that nobody asked
    /// for.
    bool idle();
    /// What is under way ends with an error.
    void close();

private:
    using Tcp = boost::beast::tcp_stream;

    void resume(SSL& session, const std::string& url);

    Tcp tcp_;
    std::shared_ptr<TlsRoots> roots_;
    std::optional<boost::asio::ssl::stream<Tcp&>> tls_;
    std::chrono::steady_clock::time_point opened_ = std::chrono::steady_clock::now();
    bool closed_ = false;
};

}  // namespace certferry
