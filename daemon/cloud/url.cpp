// SPDX-License-Identifier: MIT
#include "cloud/url.hpp"

#include <charconv>

namespace certferry {
namespace {

std::string_view without_scheme(std::string_view url) {
    constexpr std::string_view mark = "://";
    if (const auto scheme_end = url.find(mark); scheme_end != std::string_view::npos)
        url.remove_prefix(scheme_end + mark.size());
    return url;
}

}  // namespace

std::string_view url_authority(std::string_view url) {
    const std::string_view rest = without_scheme(url);
    return rest.substr(0, rest.find_first_of("/?"));
}

std::string_view url_host(std::string_view url) {
    const std::string_view authority = url_authority(url);
    const auto address_end = authority.starts_with('[') ? authority.find(']') : 0;
    if (address_end == std::string_view::npos) return authority;
    return authority.substr(0, authority.find(':', address_end));
}

std::string url_name(std::string_view url) {
    std::string_view host = url_host(url);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    return std::string(host);
}

std::optional<std::uint16_t> url_port(std::string_view url) {
    std::string_view port = url_authority(url);
    port.remove_prefix(url_host(url).size());
    if (!port.starts_with(':')) return std::nullopt;
    std::uint16_t number = 0;
    const auto [end, failed] = std::from_chars(port.data() + 1, port.data() + port.size(), number);
    if (failed != std::errc() || end != port.data() + port.size()) return std::nullopt;
    return number;
}

std::string url_target(std::string_view url) {
    const std::string_view target = without_scheme(url).substr(url_authority(url).size());
    return target.starts_with('/') ? std::string(target) : "/" + std::string(target);
}

}  // namespace certferry
