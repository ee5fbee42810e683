// SPDX-License-Identifier: MIT
#pragma once

#include "simulation/observers.hpp"
#include "simulation/story.hpp"
#include "simulation/weather.hpp"
#include "support/memory_journal.hpp"

#include <functional>
#include <optional>
#include <string>

namespace certferry::simulation {

/// The journal on a disk that outlives every daemon: it fills up, and the daemon dies in the middle of a
/// commit, which is on disk then or not.
class ObservedJournal final : public Journal {
public:
    ObservedJournal(Weather& weather, Chance& chance, Story& story, const Timeline& timeline,
                    Observers& observers)
        : weather_(weather), chance_(chance), story_(story), timeline_(timeline), observers_(observers) {}

    Result<std::vector<TargetKey>> targets() override { return kept_.targets(); }
    Result<Succession> succession(const TargetKey& target, WallTime now) override;
    Result<SuccessionEntry> head(const TargetKey& target, WallTime now) override;
    Result<void> learn_head(const TargetKey& target, const CertificateFacts& certificate) override;
    Result<std::optional<Rotation>> open_rotation(const TargetKey& target) override;
    Result<Rotation> begin(Rotation rotation) override;
    Result<void> record(const Rotation& rotation, std::string_view detail) override;
    Result<void> conclude(const Rotation& rotation, std::string_view detail) override;
    Result<void> adopt(const Rotation& rotation, const SuccessionEntry& entry,
                       std::string_view detail) override;
    Result<void> take_head(const TargetKey& target, const SuccessionEntry& entry) override;
    Result<void> retire(const TargetKey& target, const CertificateId& id, Retirement how) override;
    Result<std::vector<Rotation>> rotations(const TargetKey& target, std::size_t limit) override;
    Result<std::optional<CertificateId>> uploaded(const AccountName& account,
                                                  const Fingerprint& bundle) override {
        return kept_.uploaded(account, bundle);
    }
    Result<std::vector<HistoryLine>> history(const TargetKey& target, std::size_t limit) override;
    Result<std::vector<HistoryLine>> latest_history(std::size_t limit) override {
        return kept_.latest_history(limit);
    }
    Result<void> hold(const MappingName& mapping, WallTime since) override;
    Result<void> release(const MappingName& mapping) override;
    Result<std::map<MappingName, WallTime>> on_hold() override;
    Result<std::optional<KnownBundle>> known_bundle(const MappingName& mapping) override {
        return kept_.known_bundle(mapping);
    }
    Result<void> know_bundles(const std::map<MappingName, KnownBundle>& bundles) override;
    Result<void> note_told(const NotifierName& notifier, const ToldByTarget& told) override {
        return kept_.note_told(notifier, told);
    }
    Result<ToldByTarget> told(const NotifierName& notifier) override { return kept_.told(notifier); }

    /// Whom the daemon asked about last: what it does next without waiting is about the same.
    const std::optional<TargetKey>& last_asked() const { return last_asked_; }

    /// No commit succeeds until then.
    SteadyTime full_until;

    // The truth, for who looks on.
    Succession known(const TargetKey& target) const;
    std::optional<Rotation> open(const TargetKey& target) const;
    std::vector<Rotation> past(const TargetKey& target) const;

private:
    template <class Write>
    auto commit(Commit commit, Write write) -> decltype(write());
    std::optional<Error> refusal();

    Weather& weather_;
    Chance& chance_;
    Story& story_;
    const Timeline& timeline_;
    Observers& observers_;
    mutable tests::MemoryJournal kept_;
    std::optional<TargetKey> last_asked_;
};

}  // namespace certferry::simulation
