// SPDX-License-Identifier: MIT
#pragma once

#include "base/secret.hpp"
#include "cloud/http.hpp"

#include <cstddef>
#include <cstdint>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/vector_body.hpp>

namespace certferry {

inline constexpr std::size_t http_headers_max = std::size_t{64} << 10U;

/// Answers as Beast reads them, into memory that is wiped when it is freed.
using BeastParser =
    boost::beast::http::response_parser<boost::beast::http::vector_body<char, WipingAllocator<char>>,
                                        WipingAllocator<char>>;
using BeastBuffer = boost::beast::basic_flat_buffer<WipingAllocator<char>>;

/// The port that its scheme has by itself.
std::uint16_t usual_port(const HttpRequest& request);

/// What is sent, header and body, as one: whoever writes it joins nothing in memory that is not wiped.
Secret request_text(const HttpRequest& request);

/// Of an answer that is there whole.
HttpResponse response_of(const BeastParser& parser);

}  // namespace certferry
