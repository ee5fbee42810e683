// SPDX-License-Identifier: MIT
#pragma once

#include "control/protocol.hpp"
#include "service/announcer.hpp"
#include "service/machine.hpp"
#include "service/supervise.hpp"

#include <functional>
#include <string>

namespace certferry {

/// What a reload came to.
struct ReloadOutcome {
    std::optional<Error> refused;  // the configuration before it stays in force
    ConfigChanges changes;
    std::vector<std::string> later;  // keys that have changed and are applied by the next start
};

/// What the commands need besides the supervisor.
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

/// Carries out what a person, a hook or the service manager asks of a running daemon.
class Commands {
public:
    explicit Commands(CommandPorts ports) : ports_(std::move(ports)) {}

    Awaitable<control::Answer> carry_out(control::Request request);

private:
    Result<std::vector<MappingName>> meant(const control::Request& request) const;
    std::vector<MappingName> followers(const std::filesystem::path& lineage) const;

    Awaitable<Result<control::Answer>> status(control::Request request);
    Result<control::Answer> history(const control::Request& request);
    Awaitable<Result<control::Answer>> plan(control::Request request);
    Awaitable<Result<control::Answer>> probe(control::Request request);
    Awaitable<Result<control::Answer>> doctor(control::Request request);
    Awaitable<Result<control::Answer>> notify(control::Request request);
    Awaitable<Result<control::Answer>> rotate(control::Request request);
    Awaitable<control::Answer> hasten(control::Request request, std::vector<MappingName> mappings,
                                      bool insisted);
    Result<control::Answer> hold(const control::Request& request);
    Result<control::Answer> release(const control::Request& request);
    Awaitable<Result<control::Answer>> by_hand(control::Request request);
    Result<control::Answer> log_level(const control::Request& request);
    control::Answer reload();

    CommandPorts ports_;
};

}  // namespace certferry
