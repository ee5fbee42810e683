// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "cloud/http.hpp"
#include "cloud/wiped_json.hpp"

#include <string>

#include <boost/json/object.hpp>

namespace certferry {

/// What the API replied, in either shape:
///     API 2.0   {"code":0,"message":"","codeDesc":"Success", ...}
///     API 3.0   {"Response":{"Error":{"Code":"…","Message":"…"},"RequestId":"…", ...}}
/// Read tolerantly, as the API is known to vary (reference: tencent-cloud-api §1.5 and §2.5): code as a
/// number or a string, message or msg.
struct ApiReply {
    bool succeeded = false;
    ApiAnswer words;      // code, message and RequestId as they came: cleaned and bounded, never trusted
    std::string reason;   // codeDesc: "AuthFailure"; empty where the answer has none
    std::string warning;  // DeprecatedWarning: the action will go; empty where the answer has none
    boost::json::object body{wiping_memory()};  // with API 3.0 what is in Response
};

/// The reply to a call of this generation. Either says no in either shape, since hosts of each have been seen
/// to answer in the other's; yes counts in its own shape alone.
///
/// Errors: answer_malformed (not such an answer), api_internal (HTTP 5xx), api_throttled (HTTP 429). A reply
/// that says no is a reply.
Result<ApiReply> read_api_reply(const HttpResponse& response, config::Api generation);

}  // namespace certferry
