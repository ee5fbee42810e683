// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace certferry {

/// The service manager that started this daemon, told over $NOTIFY_SOCKET (sd_notify(3)). Without one nothing
/// happens, and what cannot be told is lost: a daemon does its work whether anyone listens or not.
/// A status is one line for people, as `systemctl status` shows it; line breaks in it become spaces.
class ServiceManager {
public:
    /// The start is over. What was started after this daemon starts now.
    void ready(std::string_view status);
    /// The daemon is going down, as it was asked to or by itself.
    void stopping(std::string_view status);
};

}  // namespace certferry
