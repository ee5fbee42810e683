// SPDX-License-Identifier: MIT
#include "form.hpp"

#include <charconv>
#include <string>

namespace certferry::sandbox {
namespace {

/// The byte that "%41" at the start of the text stands for; -1 when it is no escape.
int escaped_byte(std::string_view text) {
    if (text.size() < 3) return -1;
    unsigned byte = 0;
    const char* const digits = text.data() + 1;
    const auto [end, error] = std::from_chars(digits, digits + 2, byte, 16);
    return error == std::errc() && end == digits + 2 ? static_cast<int>(byte) : -1;
}

Secret decode(std::string_view text) {
    Secret plain;
    plain.reserve(text.size());
    while (!text.empty()) {
        const int byte = text.front() == '%' ? escaped_byte(text) : -1;
        const char c = byte >= 0 ? static_cast<char>(byte) : text.front() == '+' ? ' ' : text.front();
        plain.append({&c, 1});
        text.remove_prefix(byte >= 0 ? 3 : 1);
    }
    return plain;
}

}  // namespace

Parameters form_decode(std::string_view text) {
    Parameters parameters;
    while (!text.empty()) {
        const std::string_view pair = text.substr(0, text.find('&'));
        text.remove_prefix(pair.size() < text.size() ? pair.size() + 1 : pair.size());
        if (pair.empty()) continue;
        const std::size_t equals = pair.find('=');
        const std::string_view value =
            equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
        parameters[std::string(decode(pair.substr(0, equals)).reveal())] = decode(value);
    }
    return parameters;
}

}  // namespace certferry::sandbox
