// SPDX-License-Identifier: MIT
#include "rotate/tls_listener.hpp"

#include "base/async.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <openssl/ssl.h>

namespace certferry::tests {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;

struct TlsListener::Serving {
    explicit Serving(asio::io_context& loop)
        : acceptor(loop, Tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {}

    asio::ssl::context context{asio::ssl::context::tls_server};
    Tcp::acceptor acceptor;
    std::vector<std::string> names;
};

namespace {

constexpr auto as_tuple = asio::as_tuple(asio::use_awaitable);

template <class Serving>
Awaitable<void> serve(std::shared_ptr<Serving> serving) {
    for (;;) {
        auto [closed, socket] = co_await serving->acceptor.async_accept(as_tuple);
        if (closed) co_return;
        asio::ssl::stream<Tcp::socket> stream(std::move(socket), serving->context);
        co_await stream.async_handshake(asio::ssl::stream_base::server, as_tuple);
        const char* const name = SSL_get_servername(stream.native_handle(), TLSEXT_NAMETYPE_host_name);
        serving->names.emplace_back(name == nullptr ? "" : name);
    }
}

}  // namespace

TlsListener::TlsListener(asio::io_context& loop, const TestCertificate& certificate)
    : serving_(std::make_shared<Serving>(loop)) {
    SSL_CTX* const context = serving_->context.native_handle();
    SSL_CTX_use_certificate(context, certificate.get());
    SSL_CTX_use_PrivateKey(context, certificate.key().get());
    asio::co_spawn(loop, serve(serving_), asio::detached);
}

TlsListener::~TlsListener() {
    serving_->acceptor.close();
}

void TlsListener::demand_client_certificate() {
    serving_->context.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
}

void TlsListener::speak_tls_1_2_at_most() {
    SSL_CTX_set_max_proto_version(serving_->context.native_handle(), TLS1_2_VERSION);
}

std::uint16_t TlsListener::port() const {
    return serving_->acceptor.local_endpoint().port();
}

const std::vector<std::string>& TlsListener::names() const {
    return serving_->names;
}

}  // namespace certferry::tests
