// SPDX-License-Identifier: MIT
#include "tls_listeners.hpp"

#include "accept.hpp"

#include <array>
#include <chrono>
#include <optional>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <fmt/format.h>

namespace certferry::sandbox {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using tcp = asio::ip::tcp;

constexpr auto patience = std::chrono::seconds(30);
constexpr auto quiet = asio::as_tuple(asio::use_awaitable);

asio::const_buffer buffer_of(std::string_view text) {
    return asio::buffer(text.data(), text.size());
}

/// The listener as it is now; nothing when it cannot serve.
std::optional<asio::ssl::context> context_of(const Store& store, const Listener& listener) {
    const StoredCertificate* const bound = store.find(listener.cert_id);
    const StoredCertificate* const client_ca = store.find(listener.ca_id);
    if (bound == nullptr || (listener.mutual && client_ca == nullptr)) return std::nullopt;

    asio::ssl::context context(asio::ssl::context::tls_server);
    beast::error_code error;
    context.use_certificate_chain(buffer_of(bound->chain_pem), error);
    if (!error) context.use_private_key(buffer_of(bound->key_pem.reveal()), asio::ssl::context::pem, error);
    if (!error && listener.mutual) {
        context.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert, error);
        context.add_certificate_authority(buffer_of(client_ca->chain_pem), error);
    }
    if (error) return std::nullopt;
    return context;
}

std::string greeting(const Listener& listener) {
    const std::string body = fmt::format("{} {}\n", listener.load_balancer, listener.id);
    return fmt::format(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}",
        body.size(), body);
}

Awaitable<void> serve_listener(tcp::socket socket, const Store& store, std::string load_balancer,
                               std::string id) {
    const Listener* const listener = store.find_listener(load_balancer, id);
    if (listener == nullptr) co_return;
    std::optional<asio::ssl::context> context = context_of(store, *listener);
    if (!context) co_return;
    const std::string answer = greeting(*listener);

    beast::ssl_stream<beast::tcp_stream> stream(beast::tcp_stream(std::move(socket)), *context);
    beast::get_lowest_layer(stream).expires_after(patience);
    const auto [unfit] = co_await stream.async_handshake(asio::ssl::stream_base::server, quiet);
    if (unfit) co_return;
    // Most clients are probes that say nothing; one that does gets an answer.
    std::array<char, 1024> ignored{};
    const auto [silent, size] = co_await stream.async_read_some(asio::buffer(ignored), quiet);
    if (silent) co_return;
    const auto [broken, written] = co_await asio::async_write(stream, buffer_of(answer), quiet);
    if (!broken) co_await stream.async_shutdown(quiet);
}

}  // namespace

Result<std::uint16_t> TlsListeners::open(const std::string& load_balancer, const std::string& listener,
                                         std::uint16_t port) {
    Result<tcp::acceptor> acceptor = listen_on(executor_, port);
    if (!acceptor) return acceptor.error();
    const std::uint16_t opened = acceptor->local_endpoint().port();
    accept_forever(std::move(*acceptor), [&store = store_, load_balancer, listener](tcp::socket socket) {
        return serve_listener(std::move(socket), store, load_balancer, listener);
    });
    return opened;
}

}  // namespace certferry::sandbox
