// SPDX-License-Identifier: MIT
#pragma once

#include "base/random.hpp"
#include "config/model.hpp"
#include "simulation/account.hpp"
#include "simulation/acme_client.hpp"
#include "simulation/certificates.hpp"
#include "simulation/observed_journal.hpp"
#include "simulation/observers.hpp"
#include "simulation/story.hpp"
#include "simulation/timeline.hpp"
#include "simulation/weather.hpp"
#include "support/fake_files.hpp"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace certferry::simulation {

/// What stands still when the daemon dies, and what properties look at: accounts, disk, journal,
/// configuration. All of it is set up from the seed.
class World {
public:
    World(std::uint64_t seed, const Certificates& certificates,
          std::vector<std::unique_ptr<Property>> properties, bool write_story);

    const Certificates& certificates;
    Timeline timeline;
    Chance chance;
    SeededRandom jitter;  // of all daemons, one after the other
    Weather weather;
    Story story;
    Observers observers;
    ObservedJournal journal;
    tests::FakeFiles files;
    std::map<AccountName, Account> accounts;
    std::deque<AcmeClient> clients;        // one for each lineage
    config::Config config;                 // in force, or to be at the next start
    std::vector<config::Mapping> removed;  // from the configuration, for now

    Duration clock_error{};                 // of the daemon's wall clock
    std::optional<SteadyTime> clock_set;    // when it was set last
    std::optional<AccountName> lost_cause;  // an account that never answers again
    std::function<void()> reload = [] {};   // somebody edits the configuration
    std::function<void(const std::filesystem::path&)> disk_changed = [](const auto&) {};

    Duration renewal_period() const { return period_; }
    /// The daemon's wall clock.
    WallTime wall_clock() const { return beginning() + timeline.now().time_since_epoch() + clock_error; }
    /// What that endpoint serves now.
    std::optional<CertificateFacts> served_by(const std::string& host) const;

    /// A person takes the endpoints out of the configuration behind which there is no listener of theirs.
    void drop_dead_endpoints();
    /// Whether an endpoint of the mapping is served from that account.
    bool is_proven_at(const config::Mapping& mapping, const AccountName& account) const;
    /// The lineage of a mapping.
    const AcmeClient& client_of(const MappingName& mapping) const;
    /// The configuration of a mapping, in force or not for now.
    const config::Mapping* mapping_of(const MappingName& mapping) const;
    /// The places that were set up for a target, and are there.
    std::vector<const Seat*> seats_of(const TargetKey& target) const;

private:
    void add_account(const std::string& name);
    void add_mapping(std::size_t number);
    config::Target add_target(const std::string& mapping, std::size_t number, const Issued& deployed);
    void add_seat(const TargetKey& target, const std::string& listener, const CertificateId& id);
    void add_endpoint(config::Mapping& mapping);

    Duration period_{};
    bool short_lived_ = false;
    std::map<std::string, std::pair<AccountName, Place>> endpoints_;
};

}  // namespace certferry::simulation
