// SPDX-License-Identifier: MIT
#pragma once

#include "systemd/service_manager.hpp"

namespace certferry {

/// systemd, told over $NOTIFY_SOCKET (sd_notify(3)); how it watches is in $WATCHDOG_USEC, and whom in
/// $WATCHDOG_PID (sd_watchdog_enabled(3)). It blocks for ten seconds at most, where the service manager does
/// not listen.
class SdNotify final : public ServiceManager {
public:
    std::optional<Duration> watchdog() const override;
    void ready(std::string_view status) override;
    void status(std::string_view status) override;
    void alive() override;
    void reloading() override;
    void stopping(std::string_view status) override;
    void needs(Duration time) override;
};

}  // namespace certferry
