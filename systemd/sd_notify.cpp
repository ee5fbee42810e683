// SPDX-License-Identifier: MIT
#include "systemd/sd_notify.hpp"

#include <algorithm>
#include <chrono>
#include <string>

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

namespace certferry {
namespace {

using std::chrono::microseconds;

// A line break would begin another assignment.
std::string one_line(std::string_view text) {
    std::string line(text);
    std::replace(line.begin(), line.end(), '\n', ' ');
    return line;
}

void tell(const std::string& assignments) {
    ::sd_notify(0, assignments.c_str());
}

microseconds monotonic_now() {
    return std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace

std::optional<Duration> SdNotify::watchdog() const {
    std::uint64_t patience = 0;
    if (::sd_watchdog_enabled(0, &patience) <= 0) return std::nullopt;
    return std::chrono::duration_cast<Duration>(microseconds(patience));
}

void SdNotify::ready(std::string_view status) {
    tell(fmt::format("READY=1\nSTATUS={}", one_line(status)));
}

void SdNotify::status(std::string_view status) {
    tell(fmt::format("STATUS={}", one_line(status)));
}

void SdNotify::alive() {
    tell("WATCHDOG=1");
}

// The time tells this reload from an earlier one: Type=notify-reload insists on it.
void SdNotify::reloading() {
    tell(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", monotonic_now().count()));
}

void SdNotify::stopping(std::string_view status) {
    tell(fmt::format("STOPPING=1\nSTATUS={}", one_line(status)));
}

void SdNotify::needs(Duration time) {
    tell(fmt::format("EXTEND_TIMEOUT_USEC={}", microseconds(time).count()));
}

}  // namespace certferry
