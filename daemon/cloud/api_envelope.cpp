// SPDX-License-Identifier: MIT
#include "cloud/api_envelope.hpp"

#include "cloud/api_json.hpp"

#include <charconv>
#include <optional>

#include <boost/json/value.hpp>
#include <fmt/format.h>

namespace certferry {
namespace {

namespace json = boost::json;

constexpr std::size_t word_max = 128;

Error malformed(std::string_view what) {
    return {Errc::answer_malformed, fmt::format("the answer is {}", what)};
}

std::optional<Error> status_error(int status) {
    if (status == 200) return std::nullopt;
    const std::string message = fmt::format("the answer is HTTP {}", status);
    if (status == 429) return Error(Errc::api_throttled, message);
    return Error(status >= 500 ? Errc::api_internal : Errc::answer_malformed, message);
}

bool looks_like_html(std::string_view body) {
    const auto first = body.find_first_not_of(" \t\r\n");
    return first != std::string_view::npos && body[first] == '<';
}

Result<json::object> parse_object(std::string_view body) {
    if (looks_like_html(body)) return malformed("a web page, not JSON");
    boost::system::error_code error;
    json::value parsed = parse_wiped(body, error);
    if (error) return malformed(fmt::format("not JSON ({})", error.message()));
    if (!parsed.is_object()) return malformed("not a JSON object");
    return std::move(parsed.get_object());
}

RequestId request_id(const json::object& object) {
    for (const std::string_view name : {"requestId", "RequestId"})
        if (const std::string text = text_at(object, name); !text.empty())
            return RequestId(bounded_text(text, word_max));
    return {};
}

bool is_number(std::string_view text) {
    int number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    return failure == std::errc() && end == text.data() + text.size();
}

Result<ApiReply> read_api2_shape(json::object body) {
    ApiReply reply;
    reply.words.code = text_at(body, "code");
    if (!is_number(reply.words.code)) return malformed("JSON without a code");
    reply.succeeded = reply.words.code == "0";
    reply.words.message = text_at(body, body.contains("message") ? "message" : "msg");
    reply.words.request_id = request_id(body);
    reply.reason = bounded_text(text_at(body, "codeDesc"), word_max);
    reply.body = std::move(body);
    return reply;
}

bool reports_error(const json::object& response) {
    const json::value* const error = response.if_contains("Error");
    return error != nullptr && !error->is_null();
}

Result<void> read_error(const json::object& response, ApiAnswer& words) {
    const json::object* const error = map_at(response, "Error");
    if (error == nullptr) return malformed("one of API 3.0 with an Error that is no object");
    words.code = bounded_text(text_at(*error, "Code"), word_max);
    words.message = text_at(*error, "Message");
    if (words.code.empty() || words.code == "0") return malformed("one of API 3.0 without a code");
    return {};
}

Result<ApiReply> read_api3_shape(json::object response) {
    ApiReply reply;
    reply.succeeded = !reports_error(response);
    if (!reply.succeeded)
        if (const Result<void> read = read_error(response, reply.words); !read) return read.error();
    reply.words.request_id = request_id(response);
    reply.warning = text_at(response, "DeprecatedWarning");
    reply.body = std::move(response);
    return reply;
}

json::object take_response(json::object& body) {
    json::object* const inner = body.at("Response").if_object();
    return inner == nullptr ? json::object() : std::move(*inner);
}

}  // namespace

Result<ApiReply> read_api_reply(const HttpResponse& response, config::Api generation) {
    if (const auto error = status_error(response.status)) return *error;
    Result<json::object> body = parse_object(response.body.reveal());
    if (!body) return body.error();
    const bool in_api3_shape = map_at(*body, "Response") != nullptr;
    const bool own_shape = in_api3_shape == (generation == config::Api::v3);
    Result<ApiReply> reply =
        in_api3_shape ? read_api3_shape(take_response(*body)) : read_api2_shape(std::move(*body));
    if (reply && reply->succeeded && !own_shape)
        return malformed("of the other generation of the API, and reports no error");
    return reply;
}

}  // namespace certferry
