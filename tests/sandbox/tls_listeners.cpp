// SPDX-License-Identifier: MIT
#include "tls_listeners.hpp"

#include "accept.hpp"
#include "listener_tls.hpp"

#include <array>
#include <chrono>

#include <boost/asio/as_tuple.hpp>
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

std::string greeting(const Listener& listener) {
    const std::string body = fmt::format("{} {}\n", listener.load_balancer, listener.id);
    return fmt::format(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}",
        body.size(), body);
}

Awaitable<void> serve_listener(tcp::socket socket, World& world, std::string load_balancer, std::string id) {
    world.settle();
    const Listener* const listener = world.store.find_listener(load_balancer, id);
    if (listener == nullptr) co_return;
    ListenerTls tls(world.store, *listener);
    const std::string answer = greeting(*listener);

    beast::ssl_stream<beast::tcp_stream> stream(beast::tcp_stream(std::move(socket)), tls.context());
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
    accept_forever(std::move(*acceptor), [&world = world_, load_balancer, listener](tcp::socket socket) {
        return serve_listener(std::move(socket), world, load_balancer, listener);
    });
    return opened;
}

}  // namespace certferry::sandbox
