// SPDX-License-Identifier: MIT
#include "base/time.hpp"

#include <array>
#include <charconv>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace certferry {
namespace {

using namespace std::chrono_literals;

struct Unit {
    std::string_view name;
    Duration length;
};

constexpr std::array units = {Unit{"d", 24h}, Unit{"h", 1h}, Unit{"m", 1min}, Unit{"s", 1s}, Unit{"ms", 1ms}};
constexpr Duration longest = 10 * 366 * 24h;

std::tm broken_down(WallTime time) {
    return fmt::gmtime(to_time_t(time));
}

}  // namespace

std::time_t to_time_t(WallTime time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

std::string to_utc(WallTime time) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", broken_down(time));
}

std::string to_utc_day(WallTime time) {
    return fmt::format("{:%Y-%m-%d}", broken_down(time));
}

std::string to_text(Duration duration) {
    if (duration == 0ms) return "0s";
    for (const Unit& unit : units)
        if (duration % unit.length == 0ms) return fmt::format("{}{}", duration / unit.length, unit.name);
    return fmt::format("{}ms", duration.count());
}

std::string to_rough_text(Duration duration) {
    if (duration < 0ms) return "-" + to_rough_text(-duration);
    if (duration < 1s) return fmt::format("{}ms", duration.count());
    for (std::size_t at = 0; at + 1 < units.size(); ++at) {
        const Unit& large = units[at];
        const Unit& small = units[at + 1];
        if (duration < large.length) continue;
        const auto rest = duration % large.length / small.length;
        if (rest == 0 || large.length == 1s) return fmt::format("{}{}", duration / large.length, large.name);
        return fmt::format("{}{} {}{}", duration / large.length, large.name, rest, small.name);
    }
    return "0s";
}

std::optional<Duration> parse_duration(std::string_view text) {
    std::int64_t count = 0;
    const auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (failure != std::errc{} || count < 0) return std::nullopt;
    const std::string_view name(rest, static_cast<std::size_t>(text.data() + text.size() - rest));
    for (const Unit& unit : units)
        if (name == unit.name) {
            if (count > longest / unit.length) return std::nullopt;
            return count * unit.length;
        }
    return std::nullopt;
}

}  // namespace certferry
