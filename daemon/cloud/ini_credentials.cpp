// SPDX-License-Identifier: MIT
#include "cloud/ini_credentials.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace certferry {
namespace {

constexpr std::string_view default_section = "[default]";

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) + 1 - first);
}

std::string_view take_line(std::string_view& text) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    return trimmed(line);
}

bool says_nothing(std::string_view line) {
    return line.empty() || line.front() == '#' || line.front() == ';';
}

// Some of the official tools take them for a part of the value, others do not.
std::string_view without_quotes(std::string_view value) {
    const bool quoted =
        value.size() >= 2 && value.front() == value.back() && (value.front() == '"' || value.front() == '\'');
    return quoted ? value.substr(1, value.size() - 2) : value;
}

void take(Credentials& found, std::string_view key, std::string_view value) {
    if (key == "secret_id") found.secret_id = value;
    if (key == "secret_key") found.secret_key = Secret(value);
    if (key == "token") found.token = Secret(value);
}

Error missing(const std::string& source, std::string_view key) {
    return Error(Errc::config_invalid, fmt::format("{}: {} is missing or empty in [default]", source, key))
        .with_remedy(fmt::format("add {} = … below [default]", key));
}

}  // namespace

bool is_ini_credentials(std::string_view text) {
    while (!text.empty())
        if (const std::string_view line = take_line(text); !says_nothing(line)) return line.front() == '[';
    return false;
}

Result<Credentials> read_ini_credentials(std::string_view text, const std::string& source) {
    Credentials found;
    found.source = source;
    bool inside = false;
    while (!text.empty()) {
        const std::string_view line = take_line(text);
        if (says_nothing(line)) continue;
        if (line.front() == '[') inside = line == default_section;
        const std::size_t middle = line.find('=');
        if (!inside || middle == std::string_view::npos) continue;
        take(found, trimmed(line.substr(0, middle)), without_quotes(trimmed(line.substr(middle + 1))));
    }
    if (found.secret_id.empty()) return missing(source, "secret_id");
    if (found.secret_key.empty()) return missing(source, "secret_key");
    return found;
}

}  // namespace certferry
