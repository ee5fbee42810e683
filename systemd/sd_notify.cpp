// SPDX-License-Identifier: MIT
#include "systemd/sd_notify.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

namespace certferry {
namespace {

// A line break would begin another assignment.
std::string one_line(std::string_view text) {
    std::string line(text);
    std::replace(line.begin(), line.end(), '\n', ' ');
    return line;
}

void tell(const std::string& assignments) {
    ::sd_notify(0, assignments.c_str());
}

}  // namespace

void ServiceManager::ready(std::string_view status) {
    tell(fmt::format("READY=1\nSTATUS={}", one_line(status)));
}

void ServiceManager::status(std::string_view status) {
    tell(fmt::format("STATUS={}", one_line(status)));
}

void ServiceManager::stopping(std::string_view status) {
    tell(fmt::format("STOPPING=1\nSTATUS={}", one_line(status)));
}

std::optional<Duration> ServiceManager::watchdog_interval() const {
    std::uint64_t microseconds = 0;
    if (::sd_watchdog_enabled(0, &microseconds) <= 0) return std::nullopt;
    return std::chrono::duration_cast<Duration>(std::chrono::microseconds(microseconds)) / 2;
}

void ServiceManager::watchdog_ping() {
    tell("WATCHDOG=1");
}

}  // namespace certferry
