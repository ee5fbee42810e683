// SPDX-License-Identifier: MIT
#pragma once

#include "base/time.hpp"

#include <optional>
#include <string_view>

namespace certferry {

/// Port: the service manager that started this daemon. Without one nothing happens, and what cannot be told
/// is lost: a daemon does its work whether anyone listens or not. A status is one line for people, as
/// `systemctl status` shows it; line breaks in it become spaces.
class ServiceManager {
public:
    virtual ~ServiceManager() = default;

    /// After how long without alive() this process is taken for stuck, killed and started again. None where
    /// nobody watches.
    virtual std::optional<Duration> watchdog() const = 0;

    /// The start is over, or a reload is. What was started after this daemon starts now.
    virtual void ready(std::string_view status) = 0;
    virtual void status(std::string_view status) = 0;
    /// The daemon makes progress.
    virtual void alive() = 0;
    /// A reload begins; ready() ends it.
    virtual void reloading() = 0;
    /// The daemon is going down, as it was asked to or by itself.
    virtual void stopping(std::string_view status) = 0;
    /// Going down takes longer: up to `time` from now, unless it is said again until then.
    virtual void needs(Duration time) = 0;
};

}  // namespace certferry
