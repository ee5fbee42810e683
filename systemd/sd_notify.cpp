// SPDX-License-Identifier: MIT
#include "systemd/sd_notify.hpp"

#include <algorithm>
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

void ServiceManager::stopping(std::string_view status) {
    tell(fmt::format("STOPPING=1\nSTATUS={}", one_line(status)));
}

}  // namespace certferry
