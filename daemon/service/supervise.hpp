// SPDX-License-Identifier: MIT
#pragma once

#include "rotate/pursuit.hpp"
#include "service/lookout.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace certferry {

/// What keeping the mappings deployed needs of the world. `cloud` gives a handle on an account for each
/// target.
struct SupervisorPorts {
    SupervisorPorts(LookoutPorts lookout_, Random& random_, Journal& journal_, Prober& prober_,
                    std::function<std::shared_ptr<Cloud>(const AccountName&)> cloud_)
        : lookout(lookout_), random(random_), journal(journal_), prober(prober_), cloud(std::move(cloud_)) {}

    LookoutPorts lookout;
    Random& random;
    Journal& journal;
    Prober& prober;
    std::function<std::shared_ptr<Cloud>(const AccountName&)> cloud;
};

/// Keeps every mapping of a configuration deployed: hints and rescans make lookouts look, what they find is
/// pursued for each target. Everything runs on `executor`, one loop, one thread. `config` must outlive it.
class Supervisor {
public:
    Supervisor(const boost::asio::any_io_executor& executor, const config::Config& config,
               SupervisorPorts ports, const std::map<MappingName, Trust>& trust);

    /// Until stop(); returns when every rotation in flight has reached a durable stage.
    Awaitable<void> run();

    /// Looks once, tries once for each target, and says how it went: an exit code of the manual.
    Awaitable<int> run_once();

    void stop();

private:
    struct Charge {  // one mapping in our care
        Lookout lookout;
        std::vector<std::shared_ptr<Cloud>> clouds;  // one for each pursuit
        std::deque<Pursuit> pursuits;
    };

    void look_at(Charge& charge, Persistence persistence);
    void spawn(Pursuit& pursuit, Persistence persistence);
    Awaitable<void> listen_for_hints();
    Awaitable<void> look_when_due();
    Awaitable<void> look_at_all_due(SteadyTime now, bool rescan);
    SteadyTime next_look(SteadyTime rescan) const;
    Awaitable<void> wait_for_pursuits();
    Awaitable<void> clean_up_when_due();
    Awaitable<WallTime> clean_up_all();
    bool cleans_up() const;
    std::vector<std::optional<Error>> verdicts() const;

    boost::asio::any_io_executor executor_;
    const config::Config& config_;
    SupervisorPorts ports_;
    bool stopping_ = false;
    Turns upload_turns_;
    std::deque<Charge> charges_;

    Wakeup look_;
    Wakeup pursuit_ended_;
    Wakeup clean_up_;
    std::size_t pursuing_ = 0;
};

/// The exit code for what became of every target: 0 when all are deployed, the one code that all failures
/// share when nothing worked, 3 when some did, 1 for failures of several kinds.
int exit_code_of(const std::vector<std::optional<Error>>& verdicts);

}  // namespace certferry
