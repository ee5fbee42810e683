// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace certferry {

using Duration = std::chrono::milliseconds;

/// What the calendar says: validity of certificates, times in the journal. It may jump.
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// What waiting is measured with. It never jumps.
using SteadyTime = std::chrono::time_point<std::chrono::steady_clock, std::chrono::milliseconds>;

/// For interfaces of C. The system clock's own counts in nanoseconds, which end in 2262: certificates may be
/// valid for longer (RFC 5280 section 4.1.2.5 has 9999-12-31 for those without an end).
std::time_t to_time_t(WallTime time);

/// "2026-11-24T10:15:32Z"
std::string to_utc(WallTime time);

/// "2026-11-24": the day, for people.
std::string to_utc_day(WallTime time);

/// The shortest exact form of whole milliseconds, as the configuration is written: "0s", "250ms", "90s" as
/// "90s", "5m", "14d". Parsing what it gives gives the same duration.
std::string to_text(Duration duration);

/// For people: the two largest units, rounded down: "3d 4h", "12m 5s", "850ms".
std::string to_rough_text(Duration duration);

/// A whole number and a unit: ms, s, m, h or d. Nothing for anything else, or for more than 10 years.
std::optional<Duration> parse_duration(std::string_view text);

}  // namespace certferry
