// SPDX-License-Identifier: MIT
#pragma once

#include "rotate/pursuit.hpp"
#include "rotate/sightings.hpp"
#include "service/lookout.hpp"

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <vector>

namespace certferry {

/// What keeping a mapping deployed needs of the world. `cloud` gives a handle on an account for each target,
/// which keeps what it needs alive.
struct SupervisorPorts {
    SupervisorPorts(LookoutPorts lookout_, Random& random_, Journal& journal_, Prober& prober_,
                    const Sightings& sightings_, Meter& meter_,
                    std::function<std::shared_ptr<Cloud>(const config::Account&)> cloud_)
        : lookout(lookout_),
          random(random_),
          journal(journal_),
          prober(prober_),
          sightings(sightings_),
          meter(meter_),
          cloud(std::move(cloud_)) {}

    LookoutPorts lookout;
    Random& random;
    Journal& journal;
    Prober& prober;
    const Sightings& sightings;  // what the prober has seen
    Meter& meter;
    std::function<std::shared_ptr<Cloud>(const config::Account&)> cloud;
};

/// What all mappings share in one process.
struct Shared {
    Shared(boost::asio::any_io_executor executor_, Turns& turns_, const bool& stopping_)
        : executor(std::move(executor_)), turns(turns_), stopping(stopping_) {}

    boost::asio::any_io_executor executor;
    Turns& turns;
    const bool& stopping;
};

/// One mapping in the daemon's care: its lookout, and a pursuit for each of its targets. It works by the
/// configuration that it was made of to its end, also when another is in force.
class Charge {
public:
    Charge(LineageIndex index, std::shared_ptr<const config::Config> config, const config::Mapping& mapping,
           const Trust& trust, SupervisorPorts& ports, const Shared& shared);

    /// When the configuration came into force that it was made of.
    WallTime since() const { return since_; }

    LineageIndex index() const { return index_; }
    const config::Mapping& mapping() const { return mapping_; }

    /// Whether it would be made the same of this configuration's mapping.
    bool is_as(const config::Config& config, const config::Mapping& mapping) const;

    /// What is under way is the last that it does.
    void retire();
    bool retired() const { return retired_; }

    /// When to look at it; long ago where nothing has yet.
    std::optional<SteadyTime> due() const { return unlooked ? SteadyTime() : lookout.due(); }

    Lookout lookout;
    bool unlooked = true;                        // nothing has looked at it yet
    std::optional<WallTime> on_hold;             // since when, by a person
    std::shared_ptr<const FoundBundle> seen;     // the usable bundle that was last seen
    std::vector<std::shared_ptr<Cloud>> clouds;  // one for each pursuit
    std::list<Pursuit> pursuits;  // each stays where it is, and a deque takes the room of two for one

private:
    LineageIndex index_;
    WallTime since_;
    std::shared_ptr<const config::Config> config_;
    const config::Mapping& mapping_;  // of config_
    bool retired_ = false;
};

}  // namespace certferry
