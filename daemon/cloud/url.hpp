// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace certferry {

/// "lb.example:8443" of "https://lb.example:8443/v2": where a request goes, as messages name it.
std::string_view url_authority(std::string_view url);

/// "lb.example" of the same; "[::1]" of "https://[::1]:8443".
std::string_view url_host(std::string_view url);

}  // namespace certferry
