// SPDX-License-Identifier: MIT
#pragma once

#include "base/time.hpp"

#include <optional>
#include <string_view>

namespace certferry {

/// The Date header of HTTP: "Tue, 24 Nov 2026 10:15:32 GMT" (RFC 9110 §5.6.7, the form servers must send).
std::optional<WallTime> parse_http_date(std::string_view text);

/// A certificate's time as Tencent writes it: "2026-11-24 08:00:00", in China's time, without saying so
/// (reference: tencent-cloud-api §2.4). Certificates that begin at 0:00 UTC show as 08:00:00.
std::optional<std::chrono::sys_seconds> parse_china_time(std::string_view text);

}  // namespace certferry
