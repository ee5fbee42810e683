// SPDX-License-Identifier: MIT
#include "config/forms.hpp"

#include <algorithm>
#include <charconv>

#include <arpa/inet.h>
#include <fmt/format.h>

namespace certferry::config {
namespace {

constexpr std::size_t longest_name = 64;
constexpr std::size_t longest_role_name = 128;
constexpr std::size_t longest_host = 253;

bool letter_or_digit(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// One or more letters and digits, or any of `others`.
bool made_of(std::string_view text, std::string_view others) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return letter_or_digit(c) || others.find(c) != std::string_view::npos;
    });
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (failure != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
    return port;
}

struct HostAndPort {
    std::string_view host;
    std::optional<std::string_view> port;
};

// The colons inside an IPv6 address's brackets divide nothing.
HostAndPort split(std::string_view text) {
    const std::size_t bracket = text.rfind(']');
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || (bracket != std::string_view::npos && colon < bracket))
        return {text, std::nullopt};
    return {text.substr(0, colon), text.substr(colon + 1)};
}

std::string without_brackets(std::string_view host) {
    return std::string(host.starts_with('[') ? host.substr(1, host.size() - 2) : host);
}

std::string in_brackets(const std::string& host) {
    const bool ipv6 = host.find(':') != std::string::npos;
    return ipv6 ? fmt::format("[{}]", host) : host;
}

bool is_origin(std::string_view scheme, std::string_view text) {
    if (!text.starts_with(scheme)) return false;
    const auto [host, port] = split(text.substr(scheme.size()));
    return is_host(host) && (!port || parse_port(*port).has_value());
}

}  // namespace

bool is_name(std::string_view text) {
    return text.size() <= longest_name && made_of(text, "._-");
}

bool is_certificate_id(std::string_view text) {
    return made_of(text, "_-");
}

bool is_region(std::string_view text) {
    return made_of(text, "-");
}

bool is_role_name(std::string_view text) {
    return text.size() <= longest_role_name && made_of(text, "+=,.@_-");
}

bool is_role_arn(std::string_view text) {
    return text.starts_with("qcs::cam::uin/") && text.find(":role") != std::string_view::npos &&
           made_of(text, "+=,.@_-:/");
}

bool is_external_id(std::string_view text) {
    return text.size() >= 2 && text.size() <= longest_role_name && made_of(text, "+=,.@:/_-");
}

bool is_lineage_name(std::string_view text) {
    return text != "." && text != ".." && made_of(text, "._-");
}

bool is_host(std::string_view text) {
    if (text.starts_with('[')) {
        if (!text.ends_with(']')) return false;
        text = text.substr(1, text.size() - 2);
        return text.find(':') != std::string_view::npos && made_of(text, ":.");
    }
    return text.size() <= longest_host && made_of(text, ".-");
}

bool is_path(std::string_view text) {
    return text.starts_with('/') && text.find('\0') == std::string_view::npos;
}

bool is_https_origin(std::string_view text) {
    return is_origin("https://", text);
}

bool is_http_origin(std::string_view text) {
    return is_origin("http://", text);
}

std::optional<Listen> parse_listen(std::string_view text) {
    constexpr std::string_view socket = "unix:";
    if (text.empty()) return ListenNowhere{};
    if (text.starts_with(socket)) {
        text.remove_prefix(socket.size());
        if (!is_path(text)) return std::nullopt;
        return ListenAtSocket{text};
    }
    const auto [host, port] = split(text);
    const auto number = port ? parse_port(*port) : std::nullopt;
    if (!is_host(host) || !number) return std::nullopt;
    const std::string address = without_brackets(host);
    if (!is_address(address)) return std::nullopt;
    return ListenAtAddress{address, *number};
}

std::string written(const Listen& listen) {
    if (const auto* const at = std::get_if<ListenAtAddress>(&listen))
        return fmt::format("{}:{}", in_brackets(at->address), at->port);
    if (const auto* const at = std::get_if<ListenAtSocket>(&listen)) return "unix:" + at->path.string();
    return {};
}

bool is_address(const std::string& text) {
    in6_addr any{};  // holds either
    return ::inet_pton(AF_INET, text.c_str(), &any) == 1 || ::inet_pton(AF_INET6, text.c_str(), &any) == 1;
}

bool is_loopback(const std::string& address) {
    in_addr four{};
    if (::inet_pton(AF_INET, address.c_str(), &four) == 1) return ntohl(four.s_addr) >> 24U == 127;
    in6_addr six{};
    return ::inet_pton(AF_INET6, address.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

bool is_message_url(std::string_view text) {
    constexpr std::string_view https = "https://";
    constexpr std::string_view http = "http://";
    const bool printable =
        std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f && c != '#'; });
    const bool encrypted = text.starts_with(https);
    const std::size_t begin = encrypted ? https.size() : http.size();
    const std::string_view origin = text.substr(0, std::min(text.find_first_of("/?", begin), text.size()));
    if (!printable || encrypted) return printable && is_https_origin(origin);
    if (!is_http_origin(origin)) return false;
    const std::string host = without_brackets(split(origin.substr(http.size())).host);
    return host == "127.0.0.1" || host == "::1" || host == "localhost";
}

std::optional<ProbeEndpoint> parse_endpoint(std::string_view text) {
    ProbeEndpoint endpoint;
    if (const std::size_t mark = text.find('@'); mark != std::string_view::npos) {
        if (!is_host(text.substr(0, mark))) return std::nullopt;
        endpoint.host = without_brackets(text.substr(0, mark));
        text.remove_prefix(mark + 1);
    }
    const auto [host, port] = split(text);
    if (!is_host(host) || !port) return std::nullopt;
    const auto number = parse_port(*port);
    if (!number) return std::nullopt;
    endpoint.port = *number;
    if (endpoint.host.empty())
        endpoint.host = without_brackets(host);
    else
        endpoint.address = without_brackets(host);
    return endpoint;
}

std::string host_and_port(const ProbeEndpoint& endpoint) {
    const std::string host = in_brackets(endpoint.host);
    if (!endpoint.address) return fmt::format("{}:{}", host, endpoint.port);
    return fmt::format("{}@{}:{}", host, in_brackets(*endpoint.address), endpoint.port);
}

}  // namespace certferry::config
