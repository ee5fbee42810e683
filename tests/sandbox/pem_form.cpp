// SPDX-License-Identifier: MIT
#include "pem_form.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

namespace certferry::sandbox {
namespace {

constexpr std::size_t columns = 64;

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    for (;;) {
        const std::size_t end = text.find('\n');
        lines.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return lines;
        text.remove_prefix(end + 1);
    }
}

bool is_base64(std::string_view line) {
    return std::ranges::all_of(line, [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
               c == '/' || c == '=';
    });
}

Error unfit(std::size_t line, std::string_view what) {
    return {Errc::pem_invalid, fmt::format("line {}: {}", line + 1, what)};
}

/// Where the block that begins at line `first` ends: the index after its END line.
Result<std::size_t> check_block(const std::vector<std::string_view>& lines, std::size_t first,
                                std::string_view label) {
    if (lines[first] != fmt::format("-----BEGIN {}-----", label))
        return unfit(first, fmt::format("expected BEGIN {}", label));
    const std::string end = fmt::format("-----END {}-----", label);
    bool last_seen = false;
    for (std::size_t line = first + 1; line < lines.size(); ++line) {
        if (lines[line] == end) return line + 1;
        if (last_seen || lines[line].empty() || lines[line].size() > columns)
            return unfit(line, "lines have 64 characters, the last one of a block may have fewer");
        if (!is_base64(lines[line])) return unfit(line, "not base64");
        last_seen = lines[line].size() < columns;
    }
    return unfit(lines.size() - 1, fmt::format("no END {}", label));
}

}  // namespace

Result<void> check_chain_form(std::string_view text) {
    const auto lines = lines_of(text);
    for (std::size_t next = 0; next < lines.size();) {
        const Result<std::size_t> end = check_block(lines, next, "CERTIFICATE");
        if (!end) return end.error();
        next = *end;
    }
    return {};
}

Result<void> check_key_form(std::string_view text) {
    if (text.find("ENCRYPTED") != std::string_view::npos)
        return Error(Errc::key_encrypted, "the private key is encrypted");
    const auto lines = lines_of(text);
    const bool elliptic = text.starts_with("-----BEGIN EC PRIVATE KEY");
    const Result<std::size_t> end = check_block(lines, 0, elliptic ? "EC PRIVATE KEY" : "RSA PRIVATE KEY");
    if (!end) return end.error();
    if (*end != lines.size()) return unfit(*end, "text after the private key");
    return {};
}

}  // namespace certferry::sandbox
