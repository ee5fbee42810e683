// SPDX-License-Identifier: MIT
#pragma once

#include "store/journal.hpp"
#include "store/posix_state_dir.hpp"
#include "store/sqlite_database.hpp"

#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

namespace certferry {

/// The journal in one SQLite file, journal.db of the state directory.
class SqliteJournal final : public Journal {
public:
    /// The daemon's: of a directory that this process holds, and goes on holding as long as the journal is
    /// open. A directory without a journal gets an empty one. Errors: journal_corrupt and journal_newer, with
    /// the file left as it is; journal_unwritable.
    static Result<SqliteJournal> open(PosixStateDir held);

    /// The commands': reads beside a running daemon, or without one, and makes nothing. What writes fails
    /// with journal_unwritable, but succession() of a new target, which is not written down. Errors:
    /// file_missing where no daemon has run.
    static Result<SqliteJournal> open_read_only(const std::filesystem::path& state_dir);

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

private:
    SqliteJournal(std::optional<PosixStateDir> held, SqliteDatabase database)
        : held_(std::move(held)), database_(std::move(database)) {}

    std::optional<PosixStateDir> held_;  // none when reading only; outlives the open file
    SqliteDatabase database_;
};

}  // namespace certferry
