// SPDX-License-Identifier: MIT
#pragma once

#include "service/cleaning.hpp"
#include "service/patrol.hpp"
#include "service/roster.hpp"
#include "service/stale_heads.hpp"
#include "service/survey.hpp"
#include "service/verdict.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace certferry {

/// The mappings that a new configuration adds, changes and removes, by name.
struct ConfigChanges {
    std::vector<MappingName> added;
    std::vector<MappingName> changed;
    std::vector<MappingName> removed;
    std::size_t kept = 0;
};

/// What a person decides for a target.
using Deed = std::function<Awaitable<Result<void>>(RotationPorts&, const Target&)>;

/// Keeps every mapping of the configuration in force deployed: hints and rescans make lookouts look, what
/// they find is pursued for each target. Everything runs on `executor`, one loop, one thread.
class Supervisor {
public:
    Supervisor(const boost::asio::any_io_executor& executor, SupervisorPorts ports);

    /// Puts a configuration in force, the first one or another, with the roots that each of its mappings
    /// trusts. Mappings that stay the same go on as if nothing had happened. What is under way for one that
    /// is changed or removed finishes by the configuration that it began with, and only then does its
    /// successor begin. Errors: those of the journal; nothing has changed then.
    Result<ConfigChanges> apply(std::shared_ptr<const config::Config> config,
                                const std::map<MappingName, Trust>& trust);
    const config::Config& config() const { return *config_; }
    WallTime in_force_since() const { return in_force_since_; }

    /// Until stop(); returns when every rotation in flight has reached a durable stage.
    Awaitable<void> run();

    /// Looks once, tries once for each target, and says how it went: an exit code of the manual.
    Awaitable<int> run_once();

    void stop();

    /// The state of all mappings, or of one, read in slices of time: each target's is consistent in itself.
    /// Errors: those of the journal.
    Awaitable<Result<Snapshot>> snapshot(std::optional<MappingName> only);
    Result<MappingState> state_of(const Charge& charge) const { return certferry::state_of(charge, ports_); }

    /// Of the configuration in force, in its order.
    Charges charges() const { return roster_.all(); }

    /// How many mappings nothing has looked at yet.
    std::size_t unlooked() const { return roster_.unlooked(); }
    bool looked_at_all() const { return roster_.looked_at_all(); }

    /// How many mappings stand where, as far as it is in memory: quick, whatever their number.
    Summary summary() const { return summary_of(roster_.all(), in_flight_); }

    /// Whether run() does what it is to do in time: it said when it would look again, and is not later than
    /// that by more than `tolerance`. What takes long in the cloud is no lack of progress; each call has its
    /// own limit.
    bool makes_progress(Duration tolerance) const;

    /// How many targets are being rotated, or wait for the next attempt.
    std::size_t rotations_in_flight() const { return in_flight_.size(); }

    bool stopping() const { return stopping_; }

    /// Until a pursuit has come to an end, files were looked at, another configuration is in force, a mapping
    /// is held or released, the daemon stops, or `deadline`.
    Awaitable<void> next_news(SteadyTime deadline);

    /// Is notified of the same, for as long as it lives, also while nobody waits for it.
    std::shared_ptr<Wakeup> listen();

    /// A person or a hook asks for these mappings: looks now, without waiting for quiet, and tries at once
    /// whatever waits, is held or rejected. With `anew`, proves what is deployed once more. A mapping on hold
    /// is only pursued when it is `insisted` on.
    void hasten(const std::vector<MappingName>& mappings, bool anew, bool insisted);

    /// What becomes of these mappings; waits until every attempt has come to its end, but not longer than
    /// `patience`.
    Awaitable<std::vector<Verdict>> outcome(std::vector<MappingName> mappings, Duration patience);

    /// Holds automatic rotation of a mapping, in the journal too, or lets it go on. Errors: those of the
    /// journal.
    Result<void> hold(const MappingName& mapping);
    Result<void> release(const MappingName& mapping);

    /// Does what a person decides for a target, alone, and then lets its pursuit go on from there. Declined
    /// while something is under way for it.
    Awaitable<Verdict> do_by_hand(std::shared_ptr<Charge> charge, Pursuit& pursuit, Deed deed);

    /// The charge of a mapping that the configuration in force has; null for another.
    std::shared_ptr<Charge> find(const MappingName& mapping) const { return roster_.find(mapping); }

    /// The mapping that a target is of, in the configuration in force; none where no mapping has it any more.
    std::optional<MappingName> mapping_of(const TargetKey& target) const;

private:
    bool in_flight(const TargetKey& target) const { return in_flight_.contains(target); }

    std::shared_ptr<Charge> keep_or_make(const std::shared_ptr<const config::Config>& config,
                                         const config::Mapping& mapping, const Trust& trust,
                                         ConfigChanges& changes);
    void retire_all_but(const Roster& kept, ConfigChanges& changes);
    void look_at(const std::shared_ptr<Charge>& charge, Persistence persistence, MetLinks& met);
    void pursue(const std::shared_ptr<Charge>& charge, Persistence persistence);
    void spawn(const std::shared_ptr<Charge>& charge, Pursuit& pursuit, Persistence persistence);
    void ended(const std::shared_ptr<Charge>& charge, const TargetKey& target);
    void begin_successor(const TargetKey& target);
    void tell_listeners();
    Awaitable<void> listen_for_hints();
    Awaitable<void> look_when_due();
    Awaitable<void> look_at_all_due(SteadyTime now, bool rescan);
    Awaitable<void> remember();
    Awaitable<void> rest_until(SteadyTime next);
    SteadyTime next_look(SteadyTime rescan) const;
    Awaitable<void> wait_for_pursuits();
    bool at_rest(const MappingName& mapping) const;
    bool all_at_rest(const std::vector<MappingName>& mappings) const;
    std::vector<Verdict> verdicts(const std::vector<MappingName>& mappings);
    Verdict verdict(const Charge& charge, const Pursuit& pursuit);
    CertificateId head_of(const TargetKey& target);

    boost::asio::any_io_executor executor_;
    SupervisorPorts ports_;
    bool stopping_ = false;
    bool running_ = false;
    Turns upload_turns_;
    std::shared_ptr<const config::Config> config_;
    WallTime in_force_since_;
    Roster roster_;
    MetLinks met_;  // of the pass that is under way, as far as nothing has changed since
    LineageIndex next_index_ = 0;
    SteadyTime next_step_;  // when look_when_due() comes round again, by its own word
    std::set<TargetKey> in_flight_;

    Wakeup look_;
    Wakeup pursuit_ended_;
    std::vector<std::weak_ptr<Wakeup>> listeners_;

    StaleHeads stale_heads_;
    Patrol patrol_;
    Cleaning cleaning_;
};

}  // namespace certferry
