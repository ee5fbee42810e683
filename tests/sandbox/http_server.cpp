// SPDX-License-Identifier: MIT
#include "http_server.hpp"

#include "accept.hpp"
#include "pause.hpp"

#include <chrono>
#include <sstream>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <fmt/chrono.h>

namespace certferry::sandbox {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;

constexpr std::size_t max_body = std::size_t{1024} * 1024;
constexpr auto patience = std::chrono::seconds(60);
using Moment = std::chrono::steady_clock::time_point;

constexpr auto quiet = asio::as_tuple(asio::use_awaitable);

std::string lower_case(std::string_view text) {
    std::string lower(text);
    for (char& letter : lower)
        if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    return lower;
}

HttpCall to_call(http::request<http::string_body>&& request, Moment first_byte) {
    HttpCall call;
    call.first_byte = first_byte;
    call.method = std::string(request.method_string());
    call.target = std::string(request.target());
    for (const auto& field : request)
        call.headers[lower_case(field.name_string())] = std::string(field.value());
    call.body = Secret(request.body());
    return call;
}

std::string http_date(WallTime time) {
    return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

http::response<http::string_body> to_response(HttpReply&& reply, bool keep_alive) {
    http::response<http::string_body> response(http::int_to_status(reply.status), 11);
    response.result(reply.status);
    response.set(http::field::server, "certferry-sandbox");
    response.set(http::field::content_type, reply.content_type);
    if (reply.date) response.set(http::field::date, http_date(*reply.date));
    response.keep_alive(keep_alive);
    response.body() = std::move(reply.body);
    response.prepare_payload();
    return response;
}

HttpReply plain_reply(unsigned status, std::string text) {
    HttpReply reply;
    reply.status = status;
    reply.content_type = "text/plain";
    reply.body = std::move(text);
    return reply;
}

/// Sends RST rather than FIN: what a client sees when a peer dies.
void reset(beast::tcp_stream& stream) {
    beast::error_code ignored;
    stream.socket().set_option(asio::socket_base::linger(true, 0), ignored);
    stream.socket().close(ignored);
}

template <class Stream>
Awaitable<bool> drip(Stream& stream, const http::response<http::string_body>& response, Duration interval) {
    std::ostringstream text;
    text << response;
    for (const char& byte : text.str()) {
        beast::get_lowest_layer(stream).expires_after(patience);
        const auto [error, written] = co_await asio::async_write(stream, asio::buffer(&byte, 1), quiet);
        if (error) co_return false;
        co_await pause(interval);
    }
    co_return response.keep_alive();
}

/// Whether the connection can take another call.
template <class Stream>
Awaitable<bool> deliver(Stream& stream, HttpReply reply, bool keep_alive) {
    if (reply.delivery == Delivery::reset) {
        reset(beast::get_lowest_layer(stream));
        co_return false;
    }
    const Delivery delivery = reply.delivery;
    const Duration interval = reply.drip;
    http::response<http::string_body> response = to_response(std::move(reply), keep_alive);
    if (delivery == Delivery::dripped) co_return co_await drip(stream, response, interval);
    const auto [error, written] = co_await http::async_write(stream, response, quiet);
    co_return !error && keep_alive;
}

Awaitable<HttpReply> guarded(const HttpHandler& handler, HttpCall call) {
    try {
        co_return co_await handler(std::move(call));
    } catch (const std::exception& failure) {
        co_return plain_reply(500, fmt::format("certferry-sandbox has a bug: {}\n", failure.what()));
    }
}

/// Waits for a call to begin, unless it came right behind the one before. Nothing when the connection ends
/// first.
template <class Stream>
Awaitable<std::optional<Moment>> first_byte(Stream& stream, beast::flat_buffer& buffer) {
    constexpr std::size_t piece = 4096;
    if (buffer.size() == 0) {
        const auto [error, read] = co_await stream.async_read_some(buffer.prepare(piece), quiet);
        if (error) co_return std::nullopt;
        buffer.commit(read);
    }
    co_return std::chrono::steady_clock::now();
}

template <class Stream>
Awaitable<void> serve_calls(Stream& stream, const HttpHandler& handler) {
    beast::flat_buffer buffer;
    for (bool open = true; open;) {
        http::request_parser<http::string_body> parser;
        parser.body_limit(max_body);
        beast::get_lowest_layer(stream).expires_after(patience);
        const std::optional<Moment> began = co_await first_byte(stream, buffer);
        if (!began) co_return;
        const auto [error, read] = co_await http::async_read(stream, buffer, parser, quiet);
        beast::get_lowest_layer(stream).expires_never();
        if (error == http::error::body_limit) {
            HttpReply refused = plain_reply(413, "The body may have at most 1 MiB.\n");
            co_await deliver(stream, std::move(refused), false);
            co_return;
        }
        if (error) co_return;
        const bool keep_alive = parser.get().keep_alive();
        HttpCall call = to_call(parser.release(), *began);
        HttpReply reply = co_await guarded(handler, std::move(call));
        beast::get_lowest_layer(stream).expires_after(patience);
        open = co_await deliver(stream, std::move(reply), keep_alive);
    }
}

Awaitable<void> plain_connection(tcp::socket socket, HttpHandler handler) {
    beast::tcp_stream stream(std::move(socket));
    co_await serve_calls(stream, handler);
    beast::error_code ignored;
    stream.socket().shutdown(tcp::socket::shutdown_both, ignored);
}

Awaitable<void> tls_connection(tcp::socket socket, asio::ssl::context& context, HttpHandler handler) {
    beast::ssl_stream<beast::tcp_stream> stream(beast::tcp_stream(std::move(socket)), context);
    beast::get_lowest_layer(stream).expires_after(patience);
    const auto [unfit] = co_await stream.async_handshake(asio::ssl::stream_base::server, quiet);
    if (unfit) co_return;
    co_await serve_calls(stream, handler);
    if (!beast::get_lowest_layer(stream).socket().is_open()) co_return;
    beast::get_lowest_layer(stream).expires_after(patience);
    co_await stream.async_shutdown(quiet);
}

}  // namespace

void serve_http(tcp::acceptor acceptor, HttpHandler handler) {
    accept_forever(std::move(acceptor), [handler = std::move(handler)](tcp::socket socket) {
        return plain_connection(std::move(socket), handler);
    });
}

void serve_https(tcp::acceptor acceptor, asio::ssl::context& context, HttpHandler handler) {
    accept_forever(std::move(acceptor), [handler = std::move(handler), &context](tcp::socket socket) {
        return tls_connection(std::move(socket), context, handler);
    });
}

}  // namespace certferry::sandbox
