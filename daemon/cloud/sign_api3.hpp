// SPDX-License-Identifier: MIT
#pragma once

#include "base/secret.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace certferry {

/// What an API 3.0 request is sent as. It is signed byte for byte, so nothing may be appended to it.
inline constexpr std::string_view api3_content_type = "application/json";

/// What a TC3-HMAC-SHA256 signature is over: two headers, the query and the body (reference:
/// tencent-cloud-api §2.1). The service is the product's, whatever the host: an endpoint elsewhere signs the
/// same.
struct Api3Message {
    std::string_view service;  // "clb", "ssl", "sts"
    std::string_view host;     // without a port
    std::string_view body;     // the very bytes that are sent
    std::chrono::sys_seconds time;
    std::string_view method = "POST";
    std::string_view query;  // raw; empty for a POST
    std::string_view content_type = api3_content_type;
};

/// The value of the Authorization header. The request's X-TC-Timestamp must be `message.time`.
std::string api3_authorization(const Api3Message& message, std::string_view secret_id,
                               const Secret& secret_key);

}  // namespace certferry
