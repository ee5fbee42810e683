// SPDX-License-Identifier: MIT
#pragma once

#include "base/async.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace certferry::sandbox {

struct HttpCall {
    HttpCall() = default;  // not an aggregate, see Awaitable

    std::string_view path() const { return std::string_view(target).substr(0, target.find('?')); }
    std::string_view query() const {
        const std::size_t mark = target.find('?');
        return mark == std::string::npos ? std::string_view() : std::string_view(target).substr(mark + 1);
    }

    std::string method;
    std::string target;
    std::string host;  // the Host header
    std::string content_type;
    Secret body;
};

/// How an answer goes over the wire.
enum class Delivery { whole, dripped, reset };

struct HttpReply {
    HttpReply() = default;  // not an aggregate, see Awaitable

    unsigned status = 200;
    std::string content_type = "application/json";
    std::optional<WallTime> date;  // the Date header
    std::string body;
    Delivery delivery = Delivery::whole;
    Duration drip{};  // between the bytes of a dripped answer
};

using HttpHandler = std::function<Awaitable<HttpReply>(HttpCall)>;

}  // namespace certferry::sandbox
