// SPDX-License-Identifier: MIT
#pragma once

#include "service/courier.hpp"
#include "service/supervise.hpp"

#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

namespace certferry {

/// What became of a test by each notifier.
using NotifierTrials = std::vector<std::pair<NotifierName, Result<void>>>;

/// Sees to it that people are told: looks now and then at how all targets stand, and hands what differs from
/// what was told to a courier for each notifier of the configuration in force, and to one for the log. No
/// rotation waits for it.
class Announcer {
public:
    using MakeNotifier = std::function<std::shared_ptr<Notifier>(const config::Notifier&)>;

    Announcer(Supervisor& supervisor, CourierPorts ports, MakeNotifier make);

    /// For as long as the loop runs.
    void start();

    /// How each notifier fares, by name.
    std::vector<NotifierState> states() const;

    /// Sends a test by each notifier, one after the other.
    Awaitable<NotifierTrials> try_out();

private:
    struct Employed {
        config::Notifier as;
        std::shared_ptr<Courier> courier;
    };

    Awaitable<void> run();
    void employ();
    std::shared_ptr<Courier> send_out(NotifierName name, Duration gather, std::shared_ptr<Notifier> notifier);
    Awaitable<Duration> hand_over();
    Duration least_gap() const;

    Supervisor& supervisor_;
    CourierPorts ports_;
    MakeNotifier make_;
    std::shared_ptr<Wakeup> news_;
    std::shared_ptr<Courier> log_;
    std::map<NotifierName, Employed> couriers_;
};

}  // namespace certferry
