// SPDX-License-Identifier: MIT
#pragma once

#include "base/async.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"

#include <chrono>
#include <functional>
#include <map>
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

    /// Empty when it was not sent.
    const std::string& header(const std::string& name) const {
        static const std::string nothing;
        const auto found = headers.find(name);
        return found == headers.end() ? nothing : found->second;
    }

    std::string method;
    std::string target;
    std::map<std::string, std::string> headers;  // names in lower case
    Secret body;
    std::chrono::steady_clock::time_point first_byte;  // when it came
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
