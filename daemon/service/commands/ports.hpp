// SPDX-License-Identifier: MIT
#pragma once

#include "service/announcer.hpp"
#include "service/machine.hpp"
#include "service/supervise.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace certferry {

/// What a reload came to.
struct ReloadOutcome {
    std::optional<Error> refused;  // the configuration before it stays in force
    ConfigChanges changes;
    std::vector<std::string> later;  // keys that have changed and are applied by the next start
};

/// What the commands need.
struct CommandPorts {
    CommandPorts(Supervisor& supervisor_, Journal& journal_, Prober& prober_, Clock& clock_, Files& files_)
        : supervisor(supervisor_), journal(journal_), prober(prober_), clock(clock_), files(files_) {}

    Supervisor& supervisor;
    Journal& journal;
    Prober& prober;
    Clock& clock;
    Files& files;
    std::function<DaemonState()> daemon;
    std::function<MachineFacts()> machine;
    std::function<ReloadOutcome()> reload;
    std::function<void(LogLevel)> set_log_level;
    std::function<Awaitable<NotifierTrials>()> try_notifiers;
};

}  // namespace certferry
