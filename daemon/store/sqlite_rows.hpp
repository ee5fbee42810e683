// SPDX-License-Identifier: MIT
#pragma once

#include "store/journal.hpp"
#include "store/sqlite_database.hpp"

#include <string_view>
#include <utility>

/// The journal's values as columns, and back. Reading fails with journal_corrupt where a column says
/// something that certferry does not write.
namespace certferry::sqlite_rows {

/// A certificate's facts: five columns, all NULL for none.
SqliteValues facts(const CertificateFacts& certificate);

/// An entry's certificate_id, since, facts and retired.
constexpr std::string_view entry_columns =
    "certificate_id, since, fingerprint, not_before, not_after, names, issuer, retired";
Result<SuccessionEntry> read_entry(SqliteRow& row);

/// What of a rotation may change while it is open.
constexpr std::string_view progress_columns =
    "mapping, fingerprint, not_before, not_after, names, issuer, stage, old_id, new_id, uploaded, bindings, "
    "request_id, "
    "failures, pause, pause_reason, pause_detail, next_attempt, changed";
SqliteValues progress(const Rotation& rotation);

/// Of rotation joined with target: everything but progress, then progress.
constexpr std::string_view identity_columns = "number, account, configured_id, began";
Result<Rotation> read_rotation(SqliteRow& row);

/// Of history joined with rotation and target.
constexpr std::string_view line_columns = "rotation, account, configured_id, at, state, detail";
Result<HistoryLine> read_line(SqliteRow& row);

/// One column, an id.
Result<CertificateId> read_certificate_id(SqliteRow& row);

/// Of target: account and configured_id.
Result<TargetKey> read_target(SqliteRow& row);

/// Of on_hold: mapping and since.
Result<std::pair<MappingName, WallTime>> read_hold(SqliteRow& row);

/// Of bundle, without the mapping: the seal, and the leaf's facts.
constexpr std::string_view known_columns = "seal, fingerprint, not_before, not_after, names, issuer";
SqliteValues known(const KnownBundle& bundle);
Result<KnownBundle> read_known(SqliteRow& row);

/// Of told, without the notifier: a target, and what was told of it.
constexpr std::string_view told_columns =
    "account, configured_id, trouble, since, at, rotation, expiring, expiring_step";
SqliteValues told(const TargetKey& target, const Told& told);
Result<std::pair<TargetKey, Told>> read_told(SqliteRow& row);

std::int64_t milliseconds(WallTime time);

}  // namespace certferry::sqlite_rows
