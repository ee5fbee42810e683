// SPDX-License-Identifier: MIT
#include "cloud/temporary_credentials.hpp"

#include <fmt/format.h>

namespace certferry {
namespace {

namespace json = boost::json;

// What is later would be milliseconds, or nonsense.
constexpr std::chrono::sys_seconds latest = std::chrono::sys_days(std::chrono::year(9999) / 12 / 31);

Error lacks(std::string_view source, std::string_view what) {
    return {Errc::answer_malformed, fmt::format("{}: the answer has no usable {}", source, what)};
}

std::string_view text_of(const json::object& object, std::string_view name) {
    const json::value* const value = object.if_contains(name);
    const json::string* const text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string_view() : std::string_view(*text);
}

std::optional<WallTime> expiry_of(const json::object& life) {
    const json::value* const seconds = life.if_contains("ExpiredTime");
    if (seconds == nullptr || !seconds->is_int64()) return std::nullopt;
    const std::chrono::sys_seconds expiry{std::chrono::seconds(seconds->get_int64())};
    if (expiry <= std::chrono::sys_seconds() || expiry > latest) return std::nullopt;
    return expiry;
}

}  // namespace

Result<Credentials> read_temporary_credentials(const json::object& keys, const json::object& life,
                                               std::string source) {
    Credentials found;
    found.secret_id = text_of(keys, "TmpSecretId");
    found.secret_key = Secret(text_of(keys, "TmpSecretKey"));
    found.token = Secret(text_of(keys, "Token"));
    found.expires = expiry_of(life);
    found.source = std::move(source);
    if (found.secret_id.empty()) return lacks(found.source, "TmpSecretId");
    if (found.secret_key.empty()) return lacks(found.source, "TmpSecretKey");
    if (found.token.empty()) return lacks(found.source, "Token");
    if (!found.expires) return lacks(found.source, "ExpiredTime");
    return found;
}

}  // namespace certferry
