// SPDX-License-Identifier: MIT
#pragma once

#include "http.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

namespace certferry::sandbox {

/// HTTP/1.1 with kept connections; a body of at most 1 MiB. What is no HTTP, or too slow, loses its
/// connection.
void serve_http(boost::asio::ip::tcp::acceptor acceptor, HttpHandler handler);

/// The same over TLS. `context` must outlive the connections.
void serve_https(boost::asio::ip::tcp::acceptor acceptor, boost::asio::ssl::context& context,
                 HttpHandler handler);

}  // namespace certferry::sandbox
