// SPDX-License-Identifier: MIT
#include "api2_parameters.hpp"

#include <charconv>

#include <fmt/format.h>

namespace certferry::sandbox {

std::string text_of(const Api2Parameters& parameters, const std::string& name) {
    const auto found = parameters.find(name);
    return found == parameters.end() ? "" : std::string(found->second.reveal());
}

Secret secret_of(const Api2Parameters& parameters, const std::string& name) {
    const auto found = parameters.find(name);
    return found == parameters.end() ? Secret() : found->second;
}

std::optional<std::int64_t> number_of(const Api2Parameters& parameters, const std::string& name) {
    const std::string text = text_of(parameters, name);
    // Ten digits hold every unix time and nonce, and cannot overflow what is computed from them.
    constexpr std::size_t max_digits = 10;
    if (text.size() > max_digits) return std::nullopt;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::vector<std::string> list_of(const Api2Parameters& parameters, std::string_view name) {
    const std::string prefix = fmt::format("{}.", name);
    std::vector<std::string> values;
    for (auto it = parameters.lower_bound(prefix); it != parameters.end() && it->first.starts_with(prefix);
         ++it)
        values.emplace_back(it->second.reveal());
    return values;
}

Refusal missing(std::string_view name) {
    return {4000, fmt::format("parameter {} is missing", name)};
}

}  // namespace certferry::sandbox
