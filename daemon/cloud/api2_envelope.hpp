// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "cloud/http.hpp"

#include <string>
#include <string_view>

#include <boost/json/object.hpp>

namespace certferry {

/// An answer of API 2.0: {"code":0,"message":"","codeDesc":"Success", ...}. Read tolerantly, as the API is
/// known to vary (reference: tencent-cloud-api §1.5): code as a number or a string, message or msg, and the
/// shape of API 3.0 from the same host.
struct Api2Answer {
    ApiAnswer words;     // code, message and RequestId as they came: cleaned and bounded, never trusted
    std::string reason;  // codeDesc: "AuthFailure"; empty where the answer has none
    boost::json::object body;

    bool succeeded() const { return words.code == "0"; }
};

/// Errors: answer_malformed (not such an answer), api_internal (HTTP 5xx), api_throttled (HTTP 429). An
/// answer that says no is an answer.
Result<Api2Answer> read_api2_answer(const HttpResponse& response);

/// Text from outside, fit for a log and a terminal: at most `max_bytes`, no control characters.
std::string bounded_text(std::string_view text, std::size_t max_bytes);

/// The object under `name`; an empty one where PHP wrote the empty map as []. Null when it is neither.
const boost::json::object* map_at(const boost::json::object& object, std::string_view name);

/// The string or number under `name` as text, bounded; empty when it is neither or not there.
std::string text_at(const boost::json::object& object, std::string_view name);

}  // namespace certferry
