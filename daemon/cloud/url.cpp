// SPDX-License-Identifier: MIT
#include "cloud/url.hpp"

namespace certferry {

std::string_view url_authority(std::string_view url) {
    constexpr std::string_view mark = "://";
    if (const auto scheme_end = url.find(mark); scheme_end != std::string_view::npos)
        url.remove_prefix(scheme_end + mark.size());
    return url.substr(0, url.find_first_of("/?"));
}

std::string_view url_host(std::string_view url) {
    const std::string_view authority = url_authority(url);
    const auto address_end = authority.starts_with('[') ? authority.find(']') : 0;
    if (address_end == std::string_view::npos) return authority;
    return authority.substr(0, authority.find(':', address_end));
}

}  // namespace certferry
