// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace certferry {

/// "lb.example:8443" of "https://lb.example:8443/v2": where a request goes, as messages name it.
std::string_view url_authority(std::string_view url);

/// "lb.example" of the same; "[::1]" of "https://[::1]:8443".
std::string_view url_host(std::string_view url);

/// The same without brackets, as it is looked up: "::1".
std::string url_name(std::string_view url);

/// 8443 of the same; nothing where it has none, or what is no port's number.
std::optional<std::uint16_t> url_port(std::string_view url);

/// "/v2" of the same, and what follows a "?"; "/" of "https://lb.example".
std::string url_target(std::string_view url);

}  // namespace certferry
