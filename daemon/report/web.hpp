// SPDX-License-Identifier: MIT
#pragma once

#include "base/async.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace certferry {

/// What a browser, a scraper or a probe asks for.
struct WebRequest {
    WebRequest() = default;  // not an aggregate, see Awaitable

    std::string method;  // "GET"
    std::string target;  // "/history.json?mapping=www"
    std::string host;    // the Host header
    std::string accept;
    std::string if_none_match;
};

struct WebReply {
    WebReply() = default;  // not an aggregate, see Awaitable
    WebReply(unsigned status_, std::string type, std::string text)
        : status(status_),
          content_type(std::move(type)),
          body(std::make_shared<const std::string>(std::move(text))) {}

    unsigned status = 200;
    std::string content_type;
    std::shared_ptr<const std::string> body = std::make_shared<const std::string>();
    std::vector<std::pair<std::string, std::string>> headers;  // besides those of every reply
};

using WebHandler = std::function<Awaitable<WebReply>(WebRequest)>;

}  // namespace certferry
