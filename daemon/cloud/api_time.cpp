// SPDX-License-Identifier: MIT
#include "cloud/api_time.hpp"

#include <ctime>
#include <iomanip>
#include <locale>
#include <sstream>
#include <string>

namespace certferry {
namespace {

using namespace std::chrono;

constexpr auto china = hours(8);

/// Both forms have a fixed length; get_time alone would be content with the beginning of one.
std::optional<sys_seconds> parse(std::string_view text, const char* format, std::size_t length) {
    if (text.size() != length) return std::nullopt;
    std::istringstream in{std::string(text)};
    in.imbue(std::locale::classic());
    std::tm parts{};
    in >> std::get_time(&parts, format);
    if (in.fail()) return std::nullopt;
    const year_month_day day{year(parts.tm_year + 1900), month(static_cast<unsigned>(parts.tm_mon + 1)),
                             std::chrono::day(static_cast<unsigned>(parts.tm_mday))};
    if (!day.ok()) return std::nullopt;
    return sys_days(day) + hours(parts.tm_hour) + minutes(parts.tm_min) + seconds(parts.tm_sec);
}

}  // namespace

std::optional<WallTime> parse_http_date(std::string_view text) {
    return parse(text, "%a, %d %b %Y %H:%M:%S GMT", 29);
}

std::optional<sys_seconds> parse_china_time(std::string_view text) {
    const auto local = parse(text, "%Y-%m-%d %H:%M:%S", 19);
    if (!local) return std::nullopt;
    return *local - china;
}

}  // namespace certferry
