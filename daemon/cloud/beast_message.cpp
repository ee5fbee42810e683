// SPDX-License-Identifier: MIT
#include "cloud/beast_message.hpp"

#include "cloud/url.hpp"

#include <string>
#include <string_view>

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/span_body.hpp>

namespace certferry {
namespace {

namespace http = boost::beast::http;

using Request = http::request<http::span_body<const char>, http::basic_fields<WipingAllocator<char>>>;

// With the port, unless it is the one that the scheme has by itself (RFC 9110 §7.2).
std::string host_header(const HttpRequest& request) {
    const bool usual = url_port(request.url).value_or(usual_port(request)) == usual_port(request);
    return std::string(usual ? url_host(request.url) : url_authority(request.url));
}

// "Name: value"
void set_header(Request& message, std::string_view header) {
    constexpr std::string_view mark = ": ";
    const std::size_t name_end = header.find(mark);
    message.set(header.substr(0, name_end), header.substr(name_end + mark.size()));
}

Request to_beast(const HttpRequest& request) {
    const bool posts = request.method == Method::post;
    Request message(posts ? http::verb::post : http::verb::get, url_target(request.url), 11);
    message.set(http::field::host, host_header(request));
    message.set(http::field::user_agent, "certferry/" CERTFERRY_VERSION);
    message.set(http::field::accept, "*/*");
    for (const std::string& header : request.headers) set_header(message, header);
    for (const Secret& header : request.secret_headers) set_header(message, header.reveal());
    if (posts) {
        const std::string_view body = request.body.reveal();
        message.body() = boost::beast::span<const char>(body.data(), body.size());
        message.content_length(body.size());
    }
    return message;
}

}  // namespace

std::uint16_t usual_port(const HttpRequest& request) {
    return request.plain_http ? 80 : 443;
}

Secret request_text(const HttpRequest& request) {
    const Request message = to_beast(request);
    http::request_serializer<Request::body_type, Request::fields_type> serializer(message);
    Secret text;
    const auto append = [&](boost::system::error_code&, const auto& buffers) {
        for (const boost::asio::const_buffer part : boost::beast::buffers_range_ref(buffers))
            text.append({static_cast<const char*>(part.data()), part.size()});
        serializer.consume(boost::asio::buffer_size(buffers));
    };
    boost::system::error_code ignored;
    while (!serializer.is_done()) serializer.next(ignored, append);
    return text;
}

HttpResponse response_of(const BeastParser& parser) {
    const auto& message = parser.get();
    HttpResponse response;
    response.status = static_cast<int>(message.result_int());
    response.body = Secret({message.body().data(), message.body().size()});
    if (const auto date = message.find(http::field::date); date != message.end())
        response.date = std::string(date->value());
    return response;
}

}  // namespace certferry
