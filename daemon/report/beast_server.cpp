// SPDX-License-Identifier: MIT
#include "report/beast_server.hpp"

#include "base/expect_no_exception.hpp"
#include "config/forms.hpp"

#include <chrono>
#include <filesystem>
#include <variant>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>
#include <unistd.h>

namespace certferry {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Local = asio::local::stream_protocol;
using Stream = beast::basic_stream<asio::generic::stream_protocol>;
using Response = http::response<http::span_body<const char>>;

constexpr const char* policy = "Content-Security-Policy";
constexpr auto silence_max = std::chrono::seconds(15);  // until a request is there
constexpr auto taking_max = std::chrono::seconds(60);   // until an answer is taken
constexpr auto nothing_thrown = asio::as_tuple(asio::use_awaitable);

Result<tcp::acceptor> listen_at(const asio::any_io_executor& executor, const config::ListenAtAddress& at) {
    error_code failed;
    tcp::acceptor acceptor(executor);
    const tcp::endpoint endpoint(asio::ip::make_address(at.address, failed), at.port);
    if (!failed) acceptor.open(endpoint.protocol(), failed);
    if (!failed) acceptor.set_option(asio::socket_base::reuse_address(true), failed);
    if (!failed) acceptor.bind(endpoint, failed);
    if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
    if (failed) return Error(Errc::declined, fmt::format("{}: {}", config::written(at), failed.message()));
    return acceptor;
}

std::string text_of(const http::fields& fields, http::field name) {
    return std::string(fields[name]);
}

WebRequest to_request(const http::request<http::empty_body>& request) {
    WebRequest asked;
    asked.method = std::string(request.method_string());
    asked.target = std::string(request.target());
    asked.host = text_of(request, http::field::host);
    asked.accept = text_of(request, http::field::accept);
    asked.if_none_match = text_of(request, http::field::if_none_match);
    return asked;
}

// What every reply says: who may look at it, from where, and that it is to be asked for again each time.
void set_common(Response& response) {
    response.set(http::field::cache_control, "no-cache");
    response.set("X-Content-Type-Options", "nosniff");
    response.set("X-Frame-Options", "DENY");
    response.set("Referrer-Policy", "no-referrer");
    response.set("Cross-Origin-Resource-Policy", "same-origin");
    response.set("Cross-Origin-Opener-Policy", "same-origin");
}

// It refers to the reply's body.
Response to_response(const WebReply& reply, bool whole, bool keep_alive) {
    Response response(http::int_to_status(reply.status), 11);
    response.result(reply.status);
    set_common(response);
    if (!reply.content_type.empty()) response.set(http::field::content_type, reply.content_type);
    if (reply.status != 304) response.content_length(reply.body->size());
    for (const auto& [name, value] : reply.headers) response.insert(name, value);
    if (!response.count(policy)) response.set(policy, "default-src 'none'; frame-ancestors 'none'");
    response.keep_alive(keep_alive);
    if (whole) response.body() = beast::span<const char>(reply.body->data(), reply.body->size());
    return response;
}

WebReply refusal(const error_code& failed) {
    if (failed == http::error::header_limit || failed == http::error::buffer_overflow)
        return {431, "text/plain", "The header is too long.\n"};
    return {400, "text/plain", "This is not a request that I can read.\n"};
}

bool worth_an_answer(const error_code& failed) {
    return failed.category() == error_code(http::error::bad_method).category() &&
           failed != http::error::end_of_stream && failed != http::error::partial_message;
}

Awaitable<bool> write(Stream& stream, WebReply reply, bool whole, bool keep_alive) {
    Response response = to_response(reply, whole, keep_alive);
    http::response_serializer<http::span_body<const char>> serializer(response);
    stream.expires_after(taking_max);
    if (whole) {
        const auto [failed, bytes] = co_await http::async_write(stream, serializer, nothing_thrown);
        co_return !failed && keep_alive;
    }
    const auto [failed, bytes] = co_await http::async_write_header(stream, serializer, nothing_thrown);
    co_return !failed && keep_alive;
}

Awaitable<void> converse(Stream& stream, const WebHandler& handler) {
    beast::flat_buffer buffer(BeastServer::header_bytes_max * 2);
    bool open = true;
    for (unsigned left = BeastServer::requests_max; open && left > 0; --left) {
        http::request_parser<http::empty_body> parser;
        parser.header_limit(BeastServer::header_bytes_max);
        stream.expires_after(silence_max);
        const auto [failed, bytes] = co_await http::async_read(stream, buffer, parser, nothing_thrown);
        if (failed) {
            if (worth_an_answer(failed)) {
                WebReply refused = refusal(failed);
                co_await write(stream, std::move(refused), true, false);
            }
            co_return;
        }
        stream.expires_never();
        const bool whole = parser.get().method() != http::verb::head;
        const bool keep_alive = parser.get().keep_alive() && left > 1;
        WebRequest request = to_request(parser.get());
        WebReply reply = co_await handler(std::move(request));
        open = co_await write(stream, std::move(reply), whole, keep_alive);
    }
}

// Whoever still sends is not cut off before the answer has arrived.
void hang_up(Stream& stream) {
    error_code ignored;
    stream.socket().shutdown(asio::socket_base::shutdown_send, ignored);
}

}  // namespace

// Connections hold it: what they await may end after the server has gone.
struct BeastServer::State {
    State(std::variant<tcp::acceptor, Local::acceptor> acceptor_, std::filesystem::path path_,
          WebHandler handler_)
        : acceptor(std::move(acceptor_)), path(std::move(path_)), handler(std::move(handler_)) {}

    std::variant<tcp::acceptor, Local::acceptor> acceptor;
    std::filesystem::path path;  // of a socket in the file system
    WebHandler handler;
    unsigned connections = 0;

    template <class Acceptor>
    static Awaitable<void> accept(std::shared_ptr<State> state, Acceptor& acceptor);
    static Awaitable<void> serve(std::shared_ptr<State> state, asio::generic::stream_protocol::socket socket);
};

namespace {

// What keeps connections from being taken, as a lack of descriptors, takes time to pass.
Awaitable<void> breathe(asio::any_io_executor executor) {
    asio::steady_timer timer(executor, std::chrono::seconds(1));
    co_await timer.async_wait(nothing_thrown);
}

}  // namespace

template <class Acceptor>
Awaitable<void> BeastServer::State::accept(std::shared_ptr<State> state, Acceptor& acceptor) {
    for (;;) {
        auto [failed, socket] = co_await acceptor.async_accept(nothing_thrown);
        if (failed == asio::error::operation_aborted || failed == asio::error::bad_descriptor) co_return;
        if (failed) co_await breathe(acceptor.get_executor());
        if (failed || state->connections == connections_max) continue;
        ++state->connections;
        asio::co_spawn(acceptor.get_executor(), serve(state, std::move(socket)),
                       [state](const std::exception_ptr& thrown) {
                           expect_no_exception(thrown);
                           --state->connections;
                       });
    }
}

Awaitable<void> BeastServer::State::serve(std::shared_ptr<State> state,
                                          asio::generic::stream_protocol::socket socket) {
    Stream stream(std::move(socket));
    co_await converse(stream, state->handler);
    hang_up(stream);
}

Result<std::unique_ptr<BeastServer>> BeastServer::listen(const asio::any_io_executor& executor,
                                                         const config::Listen& listen,
                                                         const SocketAudience& audience, WebHandler handler) {
    std::shared_ptr<State> state;
    if (const auto* const at = std::get_if<config::ListenAtAddress>(&listen)) {
        auto acceptor = listen_at(executor, *at);
        if (!acceptor) return acceptor.error();
        state = std::make_shared<State>(std::move(*acceptor), std::filesystem::path(), std::move(handler));
    } else {
        const std::filesystem::path& path = std::get<config::ListenAtSocket>(listen).path;
        auto acceptor = certferry::listen_at(executor, path, audience);
        if (!acceptor) return acceptor.error();
        state = std::make_shared<State>(std::move(*acceptor), path, std::move(handler));
    }
    const auto begin = [&](auto& acceptor) {
        asio::co_spawn(executor, State::accept(state, acceptor), expect_no_exception);
    };
    std::visit(begin, state->acceptor);
    return std::unique_ptr<BeastServer>(new BeastServer(std::move(state)));
}

BeastServer::~BeastServer() {
    const auto close = [](auto& acceptor) {
        error_code ignored;
        acceptor.close(ignored);
    };
    std::visit(close, state_->acceptor);
    if (!state_->path.empty()) ::unlink(state_->path.c_str());
}

}  // namespace certferry
