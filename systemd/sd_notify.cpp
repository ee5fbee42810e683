// SPDX-License-Identifier: MIT
#include "systemd/sd_notify.hpp"

#include "base/posix_datagram.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <fmt/format.h>
#include <unistd.h>

namespace certferry {
namespace {

using std::chrono::microseconds;

// Longer is nobody watching.
constexpr std::uint64_t patience_max = microseconds(std::chrono::hours(24 * 365)).count();

// A line break would begin another assignment.
std::string one_line(std::string_view text) {
    std::string line(text);
    std::replace(line.begin(), line.end(), '\n', ' ');
    return line;
}

void tell(const std::string& assignments) {
    constexpr Duration patience = std::chrono::seconds(10);
    const char* const socket = std::getenv("NOTIFY_SOCKET");
    if (socket != nullptr) send_datagram(socket, assignments, patience);
}

// Nothing for what is no number.
std::optional<std::uint64_t> number_in(const char* variable) {
    const char* const value = std::getenv(variable);
    if (value == nullptr) return std::nullopt;
    const std::string_view text(value);
    std::uint64_t number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

microseconds monotonic_now() {
    return std::chrono::duration_cast<microseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace

std::optional<Duration> SdNotify::watchdog() const {
    const auto patience = number_in("WATCHDOG_USEC");
    const bool watched =
        number_in("WATCHDOG_PID").value_or(::getpid()) == static_cast<std::uint64_t>(::getpid());
    if (!watched || !patience || *patience == 0 || *patience > patience_max) return std::nullopt;
    return std::chrono::duration_cast<Duration>(microseconds(*patience));
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
