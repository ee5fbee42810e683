// SPDX-License-Identifier: MIT
#pragma once

#include "base/secret.hpp"
#include "cloud/http.hpp"

#include <cstddef>
#include <cstdint>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/span_body.hpp>
#include <boost/beast/http/vector_body.hpp>

namespace certferry {

inline constexpr std::size_t http_headers_max = std::size_t{64} << 10U;

/// HTTP messages as Beast has them, in memory that is wiped when it is freed.
using BeastRequest = boost::beast::http::request<boost::beast::http::span_body<const char>,
                                                 boost::beast::http::basic_fields<WipingAllocator<char>>>;
using BeastParser =
    boost::beast::http::response_parser<boost::beast::http::vector_body<char, WipingAllocator<char>>,
                                        WipingAllocator<char>>;
using BeastBuffer = boost::beast::basic_flat_buffer<WipingAllocator<char>>;

/// The port that its scheme has by itself.
std::uint16_t usual_port(const HttpRequest& request);

/// It refers to the body of `request`, which may carry a private key, and must outlive it.
BeastRequest to_beast(const HttpRequest& request);

/// Of an answer that is there whole.
HttpResponse from_beast(const BeastParser& parser);

}  // namespace certferry
