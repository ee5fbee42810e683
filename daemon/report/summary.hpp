// SPDX-License-Identifier: MIT
#pragma once

#include "base/time.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>

namespace certferry {

/// Where a mapping stands, in one word; of several that apply to its targets, the last here.
enum class MappingStanding { deployed, unlooked, under_way, waiting, held, rejected, unusable, on_hold };

/// How many mappings stand where.
struct Summary {
    void add(MappingStanding standing) { ++counts[standing]; }

    std::map<MappingStanding, std::size_t> counts;
    std::optional<WallTime> next_attempt;  // the first of those that wait
    bool reload_refused = false;

    friend bool operator==(const Summary&, const Summary&) = default;
};

/// One line for people: "12 mappings: 11 deployed, 1 waiting until 2026-11-24T10:15:32Z".
std::string to_text(const Summary& summary);

}  // namespace certferry
