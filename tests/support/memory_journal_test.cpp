// SPDX-License-Identifier: MIT
#include "support/memory_journal.hpp"

#include "contract/journal_contract.hpp"

#include <doctest/doctest.h>

namespace certferry::tests {
namespace {

// What the contract opens and closes; the place that outlives it is the journal behind.
class Reopened final : public Journal {
public:
    explicit Reopened(MemoryJournal& place) : place_(place) {}

    Result<Succession> succession(const TargetKey& target, WallTime now) override {
        return place_.succession(target, now);
    }
    Result<SuccessionEntry> head(const TargetKey& target, WallTime now) override {
        return place_.head(target, now);
    }
    Result<std::vector<TargetKey>> targets() override { return place_.targets(); }
    Result<void> learn_head(const TargetKey& target, const CertificateFacts& certificate) override {
        return place_.learn_head(target, certificate);
    }
    Result<std::optional<Rotation>> open_rotation(const TargetKey& target) override {
        return place_.open_rotation(target);
    }
    Result<Rotation> begin(Rotation rotation) override { return place_.begin(std::move(rotation)); }
    Result<void> record(const Rotation& rotation, std::string_view detail) override {
        return place_.record(rotation, detail);
    }
    Result<void> conclude(const Rotation& rotation, std::string_view detail) override {
        return place_.conclude(rotation, detail);
    }
    Result<void> adopt(const Rotation& rotation, const SuccessionEntry& entry,
                       std::string_view detail) override {
        return place_.adopt(rotation, entry, detail);
    }
    Result<void> retire(const TargetKey& target, const CertificateId& id, Retirement how) override {
        return place_.retire(target, id, how);
    }
    Result<std::vector<Rotation>> rotations(const TargetKey& target, std::size_t limit) override {
        return place_.rotations(target, limit);
    }
    Result<std::vector<HistoryLine>> history(const TargetKey& target, std::size_t limit) override {
        return place_.history(target, limit);
    }
    Result<std::vector<HistoryLine>> latest_history(std::size_t limit) override {
        return place_.latest_history(limit);
    }
    Result<void> take_head(const TargetKey& target, const SuccessionEntry& entry) override {
        return place_.take_head(target, entry);
    }
    Result<void> hold(const MappingName& mapping, WallTime since) override {
        return place_.hold(mapping, since);
    }
    Result<void> release(const MappingName& mapping) override { return place_.release(mapping); }
    Result<std::map<MappingName, WallTime>> on_hold() override { return place_.on_hold(); }
    Result<std::optional<KnownBundle>> known_bundle(const MappingName& mapping) override {
        return place_.known_bundle(mapping);
    }
    Result<void> know_bundles(const std::map<MappingName, KnownBundle>& bundles) override {
        return place_.know_bundles(bundles);
    }
    Result<void> note_told(const NotifierName& notifier, const ToldByTarget& told) override {
        return place_.note_told(notifier, told);
    }
    Result<ToldByTarget> told(const NotifierName& notifier) override { return place_.told(notifier); }
    Result<std::optional<CertificateId>> uploaded(const AccountName& account,
                                                  const Fingerprint& bundle) override {
        return place_.uploaded(account, bundle);
    }

private:
    MemoryJournal& place_;
};

TEST_CASE("the journal in memory keeps the journal's contract") {
    MemoryJournal place;
    check_journal_contract([&] { return std::make_unique<Reopened>(place); });
}

}  // namespace
}  // namespace certferry::tests
