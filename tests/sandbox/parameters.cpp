// SPDX-License-Identifier: MIT
#include "parameters.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

namespace certferry::sandbox {
namespace {

bool is_secret(std::string_view name) {
    constexpr std::array secret = {
        "newCertKey", "key", "Token", "Signature", "CertificatePrivateKey", "CertKey", "WebIdentityToken"};
    return std::ranges::find(secret, name.substr(name.rfind('.') + 1)) != secret.end();
}

std::string shown_value(std::string_view name, std::string_view value) {
    constexpr std::size_t longest = 100;
    if (is_secret(name)) return fmt::format("({} characters, secret)", value.size());
    if (value.size() > longest) return fmt::format("({} characters)", value.size());
    return std::string(value);
}

}  // namespace

std::string text_of(const Parameters& parameters, const std::string& name) {
    const auto found = parameters.find(name);
    return found == parameters.end() ? "" : std::string(found->second.reveal());
}

Secret secret_of(const Parameters& parameters, const std::string& name) {
    const auto found = parameters.find(name);
    return found == parameters.end() ? Secret() : found->second;
}

std::optional<std::int64_t> number_of(const Parameters& parameters, const std::string& name) {
    const std::string text = text_of(parameters, name);
    // Ten digits hold every unix time and nonce, and cannot overflow what is computed from them.
    constexpr std::size_t max_digits = 10;
    if (text.size() > max_digits) return std::nullopt;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::vector<std::string> list_of(const Parameters& parameters, std::string_view name) {
    const std::string prefix = fmt::format("{}.", name);
    std::vector<std::string> values;
    for (auto it = parameters.lower_bound(prefix); it != parameters.end() && it->first.starts_with(prefix);
         ++it)
        values.emplace_back(it->second.reveal());
    return values;
}

std::map<std::string, std::string> shown(const Parameters& parameters) {
    std::map<std::string, std::string> shown;
    for (const auto& [name, value] : parameters) shown[name] = shown_value(name, value.reveal());
    return shown;
}

}  // namespace certferry::sandbox
