// SPDX-License-Identifier: MIT
#include "report/readiness.hpp"

#include <algorithm>

#include <boost/json/array.hpp>
#include <fmt/format.h>

namespace certferry {

namespace json = boost::json;

bool Readiness::ready() const {
    return std::all_of(checks.begin(), checks.end(), [](const ReadinessCheck& check) { return check.well; });
}

std::string to_lines(const Readiness& readiness) {
    std::string lines = readiness.ready() ? "ready\n" : "not ready\n";
    for (const ReadinessCheck& check : readiness.checks)
        lines += fmt::format("[{}] {}: {}\n", check.well ? '+' : '-', check.name, check.says);
    return lines;
}

json::object to_json(const Readiness& readiness) {
    json::array checks;
    for (const ReadinessCheck& check : readiness.checks)
        checks.push_back({{"name", check.name}, {"ok", check.well}, {"says", check.says}});
    return {{"version", 1}, {"ready", readiness.ready()}, {"checks", std::move(checks)}};
}

}  // namespace certferry
