// SPDX-License-Identifier: MIT
#pragma once

#include "config/model.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>

/// The words that stand for an enumeration in the file, each list in the order of its enumeration.
namespace certferry::config {

using Words = std::span<const std::string_view>;

inline constexpr std::array<std::string_view, 3> log_format_words = {"journal", "json", "text"};
inline constexpr std::array<std::string_view, 2> api_words = {"2.0", "3.0"};
inline constexpr std::array<std::string_view, 2> site_words = {"cn", "intl"};
inline constexpr std::array<std::string_view, 2> signature_method_words = {"HmacSHA1", "HmacSHA256"};
inline constexpr std::array<std::string_view, 6> acme_client_words = {"certbot",    "acme.sh", "lego",
                                                                      "dehydrated", "caddy",   "kubernetes"};
inline constexpr std::array<std::string_view, 2> kind_words = {"server", "client"};
inline constexpr std::array<std::string_view, 2> deliver_words = {"id", "content"};
inline constexpr std::array<std::string_view, 2> on_failure_words = {"alert", "rollback"};

/// Lists without an enumeration of their own.
inline constexpr std::array<std::string_view, 4> log_level_words = {"debug", "info", "warning", "error"};
inline constexpr std::array<std::string_view, 5> credentials_words = {"file", "env", "systemd", "cvm-role",
                                                                      "oidc"};
inline constexpr std::array<std::string_view, 3> notifier_words = {"webhook", "wecom", "command"};

constexpr Words words_of(LogFormat) {
    return log_format_words;
}
constexpr Words words_of(Api) {
    return api_words;
}
constexpr Words words_of(Site) {
    return site_words;
}
constexpr Words words_of(SignatureMethod) {
    return signature_method_words;
}
constexpr Words words_of(AcmeClient) {
    return acme_client_words;
}
constexpr Words words_of(Kind) {
    return kind_words;
}
constexpr Words words_of(Deliver) {
    return deliver_words;
}
constexpr Words words_of(OnFailure) {
    return on_failure_words;
}

template <class Enum>
constexpr std::string_view to_word(Enum value) {
    return words_of(value)[static_cast<std::size_t>(value)];
}

template <class Enum>
constexpr std::optional<Enum> from_word(std::string_view word) {
    const Words words = words_of(Enum{});
    const auto found = std::find(words.begin(), words.end(), word);
    if (found == words.end()) return std::nullopt;
    return static_cast<Enum>(found - words.begin());
}

}  // namespace certferry::config
