// SPDX-License-Identifier: MIT
// What the API repeats of a request's secrets in its messages. The first line is a secret, the rest a
// message.
#include "cloud/echo.hpp"
#include "fuzz/property.hpp"

#include <algorithm>
#include <vector>

namespace certferry::tests {
namespace {

constexpr std::size_t run_min = 16;

// Those of keys and tokens: none that is a blank, stands for another when it is escaped, or is in "[...]".
bool has_only_plain_characters(std::string_view text) {
    constexpr std::string_view others = "%\\[";
    return std::ranges::all_of(
        text, [&](char c) { return c > ' ' && c < 0x7f && others.find(c) == std::string_view::npos; });
}

bool repeats(std::string_view text, std::string_view secret) {
    for (std::size_t at = 0; at + run_min <= secret.size(); ++at)
        if (text.find(secret.substr(at, run_min)) != std::string_view::npos) return true;
    return false;
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        encoded += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
    return encoded;
}

void check(const std::string& secret, const std::string& message) {
    const std::vector<Secret> secrets{Secret(secret)};
    const std::string kept = without_echo(message, secrets);
    demand(kept.find("-----BEGIN") == std::string::npos, "no PEM is kept");
    if (!has_only_plain_characters(secret)) return;
    demand(!repeats(kept, secret), "no run of a secret is kept");
    if (secret.size() < run_min) {
        demand(message.find("-----BEGIN") != std::string::npos || kept == message,
               "what repeats nothing is kept as it is");
        return;
    }
    const std::string escaped = percent_encoded(secret);
    demand(without_echo(escaped, secrets) == "[...]", "a secret that is escaped for a URL is not kept");
}

}  // namespace
}  // namespace certferry::tests

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace certferry::tests;
    const std::string_view text = text_of(data, size);
    const std::size_t end = std::min(text.find('\n'), text.size());
    check(std::string(text.substr(0, end)), std::string(text.substr(std::min(end + 1, text.size()))));
    return 0;
}
