// SPDX-License-Identifier: MIT
#include "simulation/story.hpp"

namespace certferry::simulation {

void Story::add(std::string_view who, std::string words) {
    const auto passed = timeline_.now().time_since_epoch();
    const auto day = std::chrono::floor<std::chrono::days>(passed);
    const std::chrono::hh_mm_ss time(passed - day);
    lines_.push_back(fmt::format("day {:>3} {:02}:{:02}:{:02}.{:03}  {:<9} {}", day.count() + 1,
                                 time.hours().count(), time.minutes().count(), time.seconds().count(),
                                 time.subseconds().count(), who, certificates_.named(std::move(words))));
}

}  // namespace certferry::simulation
