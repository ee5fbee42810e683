// SPDX-License-Identifier: MIT
#include "report/summary.hpp"

#include "base/counted.hpp"

#include <array>
#include <string_view>

#include <fmt/format.h>

namespace certferry {
namespace {

// In the order of MappingStanding.
constexpr std::array<std::string_view, 8> words = {
    "deployed", "not looked at yet", "under way", "waiting", "held", "rejected", "unusable", "on hold",
};

std::string part_of(const Summary& summary, MappingStanding standing, std::size_t count) {
    std::string part = fmt::format("{} {}", count, words.at(static_cast<std::size_t>(standing)));
    if (standing == MappingStanding::waiting && summary.next_attempt)
        part += " until " + to_utc(*summary.next_attempt);
    return part;
}

}  // namespace

std::string to_text(const Summary& summary) {
    std::size_t mappings = 0;
    std::string parts;
    for (const auto& [standing, count] : summary.counts) {
        mappings += count;
        parts += (parts.empty() ? ": " : ", ") + part_of(summary, standing, count);
    }
    return fmt::format("{}{}{}", counted(mappings, "mapping", "mappings"), parts,
                       summary.reload_refused ? "; the last reload was refused" : "");
}

}  // namespace certferry
