// SPDX-License-Identifier: MIT
#pragma once

#include "store/journal.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace certferry::tests {

/// The journal in memory: what it holds outlives whoever writes to it, as a file outlives a crash. It holds
/// the port's contract; the contract tests run over it too.
class MemoryJournal final : public Journal {
public:
    Result<std::vector<TargetKey>> targets() override;
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
                                                  const Fingerprint& bundle) override;
    Result<std::vector<HistoryLine>> history(const TargetKey& target, std::size_t limit) override;
    Result<std::vector<HistoryLine>> latest_history(std::size_t limit) override;
    Result<void> hold(const MappingName& mapping, WallTime since) override;
    Result<void> release(const MappingName& mapping) override;
    Result<std::map<MappingName, WallTime>> on_hold() override;
    Result<std::optional<KnownBundle>> known_bundle(const MappingName& mapping) override;
    Result<void> know_bundles(const std::map<MappingName, KnownBundle>& bundles) override;
    Result<void> note_told(const NotifierName& notifier, const ToldByTarget& told) override;
    Result<ToldByTarget> told(const NotifierName& notifier) override;

    /// Called before each write with its name: may throw, as a crash, or return an error, as a full disk.
    std::function<Result<void>(std::string_view write)> before_write = [](std::string_view) {
        return Result<void>();
    };

    /// How often it was asked for a head.
    std::size_t heads_asked = 0;

    /// The ids of a succession, oldest first.
    std::vector<std::string> ids(const TargetKey& target) const;

private:
    Rotation* find_open(const TargetKey& target);
    Result<void> keep(const Rotation& rotation, std::string_view detail);
    void remember(const Rotation& rotation, std::string_view detail);

    std::map<TargetKey, Succession> successions_;
    std::vector<Rotation> rotations_;
    std::vector<HistoryLine> history_;
    std::map<MappingName, WallTime> on_hold_;
    std::map<MappingName, KnownBundle> bundles_;
    std::map<NotifierName, ToldByTarget> told_;
};

}  // namespace certferry::tests
