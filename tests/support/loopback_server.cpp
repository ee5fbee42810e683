// SPDX-License-Identifier: MIT
#include "support/loopback_server.hpp"

#include <regex>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

namespace certferry::tests {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);

using Stream = asio::ssl::stream<tcp::socket>;

tcp::endpoint any_port() {
    return {asio::ip::address_v4::loopback(), 0};
}

std::size_t content_length(const std::string& head) {
    static const std::regex pattern("\r\ncontent-length: *([0-9]+)", std::regex::icase);
    std::smatch match;
    return std::regex_search(head, match, pattern) ? std::stoul(match[1]) : 0;
}

/// Valid whenever the test runs: the handshake looks at the real clock.
CertificateSpec at_any_time() {
    CertificateSpec spec;
    spec.not_before = std::chrono::sys_days(std::chrono::year(2020) / 1 / 1);
    spec.not_after = std::chrono::sys_days(std::chrono::year(2100) / 1 / 1);
    return spec;
}

void reset(Stream& stream) {
    // Closing with a linger of zero sends RST in place of FIN.
    stream.lowest_layer().set_option(asio::socket_base::linger(true, 0));
    stream.lowest_layer().close();
}

}  // namespace

struct LoopbackServer::State {
    State(asio::io_context& loop, const TestCertificate& identity, Handler answering)
        : acceptor(loop, any_port()), context(asio::ssl::context::tls_server), handler(std::move(answering)) {
        context.use_certificate_chain(asio::buffer(identity.pem()));
        context.use_private_key(asio::buffer(identity.key().pkcs8()), asio::ssl::context::pem);
    }

    tcp::acceptor acceptor;
    asio::ssl::context context;
    Handler handler;
    int connections = 0;
    int resumed_sessions = 0;
    std::string asked_for;
    int requests = 0;
    int hung_up = 0;
};

namespace {

/// One request, or nothing when the other side has ended the connection.
Awaitable<bool> read_request(Stream& stream, LoopbackServer::Request& request) {
    std::string data;
    const auto [head_error, head_size] =
        co_await asio::async_read_until(stream, asio::dynamic_buffer(data), "\r\n\r\n", no_throw);
    if (head_error) co_return false;
    request.head = data.substr(0, head_size);
    request.body = data.substr(head_size);
    const std::size_t missing = content_length(request.head) - request.body.size();
    const auto [body_error, body_size] = co_await asio::async_read(stream, asio::dynamic_buffer(request.body),
                                                                   asio::transfer_exactly(missing), no_throw);
    co_return !body_error && body_size == missing;
}

/// What is unasked leaves in the same segment, so that whoever reads the reply has it already.
Awaitable<bool> write(Stream& stream, const LoopbackServer::Reply& reply) {
    std::string last = reply.bytes;
    if (!reply.unasked.empty()) {
        if (SSL_write(stream.native_handle(), last.data(), static_cast<int>(last.size())) <= 0)
            co_return false;
        last = reply.unasked;
    }
    const auto [cut_off, written] = co_await asio::async_write(stream, asio::buffer(last), no_throw);
    co_return !cut_off;
}

template <class State>
Awaitable<void> serve(std::shared_ptr<State> state, tcp::socket socket) {
    Stream stream(std::move(socket), state->context);
    const auto [refused] = co_await stream.async_handshake(asio::ssl::stream_base::server, no_throw);
    if (refused) co_return;
    ++state->connections;
    if (SSL_session_reused(stream.native_handle()) == 1) ++state->resumed_sessions;
    const char* const name = SSL_get_servername(stream.native_handle(), TLSEXT_NAMETYPE_host_name);
    state->asked_for = name == nullptr ? "" : name;
    for (;;) {
        LoopbackServer::Request request;
        const bool arrived = co_await read_request(stream, request);
        if (!arrived) break;
        ++state->requests;
        const LoopbackServer::Reply reply = co_await state->handler(request);
        const bool written = co_await write(stream, reply);
        if (!written) break;
        if (reply.then == LoopbackServer::Then::reset) reset(stream);
        if (reply.then != LoopbackServer::Then::keep_open) co_return;
    }
    ++state->hung_up;
}

template <class State>
Awaitable<void> accept(std::shared_ptr<State> state) {
    auto executor = co_await asio::this_coro::executor;
    for (;;) {
        tcp::socket socket(executor);
        const auto [error] = co_await state->acceptor.async_accept(socket, no_throw);
        if (error) co_return;
        asio::co_spawn(executor, serve(state, std::move(socket)), asio::detached);
    }
}

}  // namespace

LoopbackServer::LoopbackServer(asio::io_context& loop, const TestCertificate& identity, Handler handler)
    : state_(std::make_shared<State>(loop, identity, std::move(handler))) {
    asio::co_spawn(loop, accept(state_), asio::detached);
}

LoopbackServer::~LoopbackServer() {
    state_->acceptor.close();
}

void LoopbackServer::go_deaf() {
    state_->acceptor.cancel();
}

std::uint16_t LoopbackServer::port() const {
    return state_->acceptor.local_endpoint().port();
}

int LoopbackServer::connections() const {
    return state_->connections;
}

int LoopbackServer::resumed_sessions() const {
    return state_->resumed_sessions;
}

const std::string& LoopbackServer::asked_for() const {
    return state_->asked_for;
}

int LoopbackServer::requests() const {
    return state_->requests;
}

int LoopbackServer::hung_up() const {
    return state_->hung_up;
}

TestCertificate loopback_ca() {
    CertificateSpec spec = at_any_time();
    spec.common_name = "loopback CA";
    spec.names = {};
    spec.ca = true;
    return TestCertificate::self_signed(spec);
}

TestCertificate loopback_identity(const std::string& name, const TestCertificate& ca) {
    CertificateSpec spec = at_any_time();
    spec.names = {name};
    return ca.issue(spec);
}

std::string http_ok(const std::string& body) {
    return fmt::format(
        "HTTP/1.1 200 OK\r\nDate: Tue, 24 Nov 2026 10:15:32 GMT\r\nContent-Length: {}\r\n\r\n{}", body.size(),
        body);
}

}  // namespace certferry::tests
