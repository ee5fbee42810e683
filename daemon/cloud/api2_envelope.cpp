// SPDX-License-Identifier: MIT
#include "cloud/api2_envelope.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

namespace certferry {
namespace {

namespace json = boost::json;

constexpr std::size_t depth_max = 16;
constexpr std::size_t message_max = 500;
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
    json::parse_options options;
    options.max_depth = depth_max;
    boost::system::error_code error;
    json::value parsed = json::parse(body, error, {}, options);
    if (error) return malformed(fmt::format("not JSON ({})", error.message()));
    if (!parsed.is_object()) return malformed("not a JSON object");
    return std::move(parsed.get_object());
}

std::string scalar_text(const json::value& value) {
    if (value.is_string()) return bounded_text(value.get_string(), message_max);
    if (value.is_int64()) return std::to_string(value.get_int64());
    if (value.is_uint64()) return std::to_string(value.get_uint64());
    return {};
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

Result<Api2Answer> read_own_shape(json::object body) {
    Api2Answer answer;
    answer.words.code = text_at(body, "code");
    if (!is_number(answer.words.code)) return malformed("JSON without a code");
    answer.words.message = text_at(body, body.contains("message") ? "message" : "msg");
    answer.words.request_id = request_id(body);
    answer.reason = bounded_text(text_at(body, "codeDesc"), word_max);
    answer.body = std::move(body);
    return answer;
}

/// {"Response":{"Error":{"Code":"…","Message":"…"},"RequestId":"…"}}
Result<Api2Answer> read_api3_shape(const json::object& response) {
    const json::object* const error = map_at(response, "Error");
    if (error == nullptr || error->empty()) return malformed("one of API 3.0 that reports no error");
    Api2Answer answer;
    answer.words.code = bounded_text(text_at(*error, "Code"), word_max);
    answer.words.message = text_at(*error, "Message");
    answer.words.request_id = request_id(response);
    if (answer.words.code.empty() || answer.succeeded()) return malformed("one of API 3.0 without a code");
    return answer;
}

}  // namespace

Result<Api2Answer> read_api2_answer(const HttpResponse& response) {
    if (const auto error = status_error(response.status)) return *error;
    Result<json::object> body = parse_object(response.body);
    if (!body) return body.error();
    if (const json::object* const inner = map_at(*body, "Response")) return read_api3_shape(*inner);
    return read_own_shape(std::move(*body));
}

std::string bounded_text(std::string_view text, std::size_t max_bytes) {
    const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; };
    std::size_t size = std::min(text.size(), max_bytes);
    // Not in the middle of a UTF-8 character.
    while (size > 0 && size < text.size() && continues(text[size])) --size;
    std::string clean(text.substr(0, size));
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    std::replace_if(clean.begin(), clean.end(), is_control, ' ');
    return clean;
}

const json::object* map_at(const json::object& object, std::string_view name) {
    static const json::object empty;
    const json::value* const value = object.if_contains(name);
    if (value == nullptr) return nullptr;
    if (const json::array* const array = value->if_array()) return array->empty() ? &empty : nullptr;
    return value->if_object();
}

std::string text_at(const json::object& object, std::string_view name) {
    const json::value* const value = object.if_contains(name);
    return value == nullptr ? std::string() : scalar_text(*value);
}

}  // namespace certferry
