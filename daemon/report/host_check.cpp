// SPDX-License-Identifier: MIT
#include "report/host_check.hpp"

#include "config/forms.hpp"

#include <algorithm>
#include <string>

namespace certferry {
namespace {

std::string lower_case(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return lower;
}

// The colons inside an IPv6 address's brackets begin no port.
std::string_view without_port(std::string_view host) {
    const std::size_t colon = host.rfind(':');
    if (colon == std::string_view::npos || host.ends_with(']')) return host;
    return host.substr(0, colon);
}

std::string without_brackets(const std::string& host) {
    return host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host;
}

}  // namespace

bool may_ask_by(std::string_view host_header, const config::Http& http) {
    const auto* const at = std::get_if<config::ListenAtAddress>(&http.listen);
    if (at == nullptr) return true;
    const std::string host = lower_case(without_port(host_header));
    const std::string address = without_brackets(host);
    if (host == "localhost" || config::is_loopback(address)) return true;
    if (!config::is_loopback(at->address) && config::is_address(address)) return true;
    return std::any_of(http.hosts.begin(), http.hosts.end(),
                       [&](const std::string& name) { return lower_case(name) == host; });
}

}  // namespace certferry
