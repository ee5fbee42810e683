// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/wakeup.hpp"
#include "report/summary.hpp"
#include "systemd/service_manager.hpp"

#include <functional>
#include <memory>
#include <string>

namespace certferry {

class Supervisor;

/// What the service manager hears from a running daemon: its state in one line when that has changed, that it
/// is alive as long as it makes progress, and while rotations come to rest at the end that they need time.
///
/// It beats on the loop, so a loop that is stuck is heard by silence. So is a supervisor that has not come
/// round when it said it would. A cloud that fails, and targets that wait for it, are no reason to start
/// again.
class Heartbeat {
public:
    Heartbeat(ServiceManager& manager, Supervisor& supervisor, Clock& clock);

    /// The start is over; beats from now on, as long as the loop turns.
    Awaitable<void> run();

    /// Does a reload, which may have been refused, and tells the service manager when it begins and ends.
    void around_reload(const std::function<bool()>& reload);

    /// The daemon has been asked to end.
    void stopping();

private:
    Duration interval() const;
    void beat();
    std::string status() const;

    ServiceManager& manager_;
    Supervisor& supervisor_;
    Clock& clock_;
    std::shared_ptr<Wakeup> news_;
    bool reload_refused_ = false;
    std::string told_;
};

}  // namespace certferry
