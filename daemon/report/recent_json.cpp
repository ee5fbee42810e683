// SPDX-License-Identifier: MIT
#include "report/recent_json.hpp"

#include <algorithm>

#include <boost/json/array.hpp>

namespace certferry {
namespace {

namespace json = boost::json;

constexpr std::size_t lines_read = 400;
constexpr std::size_t rotations_told = 20;

using Lines = std::vector<HistoryLine>;

// By rotation, the one that was last written about first; in each, the oldest line first.
std::vector<Lines> by_rotation(const Lines& newest_first) {
    std::vector<Lines> rotations;
    for (const HistoryLine& line : newest_first) {
        auto found = std::find_if(rotations.begin(), rotations.end(), [&](const Lines& lines) {
            return lines.front().rotation == line.rotation;
        });
        if (found == rotations.end()) found = rotations.insert(found, Lines());
        found->push_back(line);
    }
    for (Lines& lines : rotations) std::reverse(lines.begin(), lines.end());
    return rotations;
}

bool is_over(std::string_view state) {
    return state == to_text(Stage::done) || state == to_text(Stage::superseded) ||
           state == to_text(Stage::rolled_back);
}

double seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

// A step lasts until the next one, the last one until now; the end takes no time.
json::array steps_json(const Lines& lines, WallTime now) {
    json::array steps;
    for (auto line = lines.begin(); line != lines.end(); ++line) {
        json::object step{{"state", line->state}, {"time", to_utc(line->at)}, {"detail", line->detail}};
        const auto next = line + 1;
        const WallTime until = next != lines.end() ? next->at : is_over(line->state) ? line->at : now;
        step["seconds"] = seconds(until - line->at);
        steps.push_back(std::move(step));
    }
    return steps;
}

json::object rotation_json(const Lines& lines, const MappingName& mapping, WallTime now) {
    const HistoryLine& last = lines.back();
    const WallTime until = is_over(last.state) ? last.at : now;
    return {{"rotation", last.rotation},
            {"mapping", mapping.str()},
            {"account", last.target.account.str()},
            {"old_cert_id", last.target.configured_id.str()},
            {"state", last.state},
            {"over", is_over(last.state)},
            {"began", to_utc(lines.front().at)},
            {"seconds", seconds(until - lines.front().at)},
            {"steps", steps_json(lines, now)}};
}

}  // namespace

Result<json::object> recent_json(Journal& journal, const FindMapping& mapping_of, WallTime now) {
    const auto lines = journal.latest_history(lines_read);
    if (!lines) return lines.error();
    json::array rotations;
    for (const Lines& rotation : by_rotation(*lines)) {
        if (rotations.size() == rotations_told) break;
        if (const auto mapping = mapping_of(rotation.front().target))
            rotations.push_back(rotation_json(rotation, *mapping, now));
    }
    return json::object{{"version", 1}, {"rotations", std::move(rotations)}};
}

}  // namespace certferry
