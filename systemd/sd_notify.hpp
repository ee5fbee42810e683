// SPDX-License-Identifier: MIT
#pragma once

#include "base/time.hpp"

#include <optional>
#include <string_view>

namespace certferry {

/// The service manager that started this daemon, told over $NOTIFY_SOCKET (sd_notify(3)). Without one nothing
/// happens, and what cannot be told is lost: a daemon does its work whether anyone listens or not.
/// A status is one line for people, as `systemctl status` shows it; line breaks in it become spaces.
class ServiceManager {
public:
    /// The start is over. What was started after this daemon starts now.
    void ready(std::string_view status);
    void status(std::string_view status);
    /// The daemon is going down, as it was asked to or by itself.
    void stopping(std::string_view status);

    /// How often watchdog_ping() is due: half of the time after which the manager takes silence for a hang
    /// (WatchdogSec=). Nothing when it does not watch this process.
    std::optional<Duration> watchdog_interval() const;
    void watchdog_ping();
};

}  // namespace certferry
