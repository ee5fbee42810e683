// SPDX-License-Identifier: MIT
#include "store/sqlite_journal.hpp"

#include "store/sqlite_journal_file.hpp"
#include "store/sqlite_rows.hpp"

#include <fmt/format.h>

namespace certferry {
namespace {

namespace rows = sqlite_rows;

constexpr const char* file_name = "journal.db";
constexpr std::string_view is_open = "stage NOT IN ('done', 'superseded')";
constexpr std::string_view of_target = "account = ? AND configured_id = ?";

Error conflict(const SqliteDatabase& database, const TargetKey& target, const std::string& reason) {
    return {Errc::journal_conflict, fmt::format("{}: {} of account {}: {}", database.file(),
                                                target.configured_id.str(), target.account.str(), reason)};
}

std::string marks(const SqliteValues& values) {
    std::string text = "?";
    for (std::size_t more = 1; more < values.size(); ++more) text += ", ?";
    return text;
}

SqliteValues joined(SqliteValues values, std::initializer_list<SqliteValue> more) {
    values.insert(values.end(), more);
    return values;
}

std::string select_rotations(std::string_view where, std::string_view order) {
    return fmt::format("SELECT {}, {} FROM rotation JOIN target ON target.id = rotation.target WHERE {} {}",
                       rows::identity_columns, rows::progress_columns, where, order);
}

Result<std::optional<std::int64_t>> find_target(const SqliteDatabase& database, const TargetKey& target) {
    return database.first(fmt::format("SELECT id FROM target WHERE {}", of_target),
                          {target.account.str(), target.configured_id.str()}, read_integer);
}

Result<std::int64_t> add_target(const SqliteDatabase& database, const TargetKey& target, WallTime since) {
    const auto added = database.run("INSERT INTO target (account, configured_id) VALUES (?, ?)",
                                    {target.account.str(), target.configured_id.str()});
    if (!added) return added.error();
    const std::int64_t id = database.last_row();
    const auto first =
        database.run("INSERT INTO succession (target, position, certificate_id, since) VALUES (?, 0, ?, ?)",
                     {id, target.configured_id.str(), rows::milliseconds(since)});
    if (!first) return first.error();
    return id;
}

Result<std::int64_t> find_or_add_target(const SqliteDatabase& database, const TargetKey& target,
                                        WallTime since) {
    const auto known = find_target(database, target);
    if (!known) return known.error();
    return *known ? **known : add_target(database, target, since);
}

Result<void> check_nothing_open(const SqliteDatabase& database, const TargetKey& target, std::int64_t id) {
    const auto open = database.first(
        fmt::format("SELECT number FROM rotation WHERE target = ? AND {}", is_open), {id}, read_integer);
    if (!open) return open.error();
    if (!*open) return {};
    return conflict(database, target, fmt::format("rotation {} is still open", **open));
}

Result<void> check_head(const SqliteDatabase& database, const Rotation& rotation, std::int64_t id) {
    const auto head = database.first(
        fmt::format("SELECT {} FROM succession WHERE target = ? ORDER BY position DESC LIMIT 1",
                    rows::entry_columns),
        {id}, rows::read_entry);
    if (!head) return head.error();
    if (*head && (*head)->id == rotation.old_id) return {};
    return conflict(database, rotation.target,
                    fmt::format("the rotation replaces {}, but the succession's head is {}",
                                rotation.old_id.str(), *head ? (*head)->id.str() : "missing"));
}

Result<void> insert_rotation(const SqliteDatabase& database, Rotation& rotation, std::int64_t target) {
    const SqliteValues values =
        joined(rows::progress(rotation), {target, rows::milliseconds(rotation.began)});
    const auto inserted = database.run(fmt::format("INSERT INTO rotation ({}, target, began) VALUES ({})",
                                                   rows::progress_columns, marks(values)),
                                       values);
    if (!inserted) return inserted.error();
    rotation.number = database.last_row();
    return {};
}

Result<void> update_rotation(const SqliteDatabase& database, const Rotation& rotation) {
    const SqliteValues progress = rows::progress(rotation);
    const auto changed = database.run(
        fmt::format("UPDATE rotation SET ({}) = ({}) "
                    "WHERE number = ? AND {} AND target = (SELECT id FROM target WHERE {})",
                    rows::progress_columns, marks(progress), is_open, of_target),
        joined(progress,
               {rotation.number, rotation.target.account.str(), rotation.target.configured_id.str()}));
    if (!changed) return changed.error();
    if (*changed == 1) return {};
    return conflict(database, rotation.target, fmt::format("rotation {} is not open", rotation.number));
}

Result<void> add_line(const SqliteDatabase& database, const Rotation& rotation, std::string_view detail) {
    const std::string_view state = rotation.pause ? to_text(rotation.pause->kind) : to_text(rotation.stage);
    const auto added = database.run(
        "INSERT INTO history (rotation, at, state, detail) VALUES (?, ?, ?, ?)",
        {rotation.number, rows::milliseconds(rotation.changed), std::string(state), std::string(detail)});
    if (!added) return added.error();
    return {};
}

Result<void> learn(const SqliteDatabase& database, std::int64_t target, const CertificateFacts& certificate) {
    const auto learned = database.run(
        "UPDATE succession SET (fingerprint, not_before, not_after, names, issuer) = (?, ?, ?, ?, ?) "
        "WHERE target = ? AND position = (SELECT max(position) FROM succession WHERE target = ?) "
        "AND coalesce(fingerprint, '') = ''",
        joined(rows::facts(certificate), {target, target}));
    if (!learned) return learned.error();
    return {};
}

SuccessionEntry head_after(const Rotation& rotation) {
    return {*rotation.new_id, rotation.bundle, rotation.changed, std::nullopt};
}

Result<void> grow(const SqliteDatabase& database, std::int64_t target, const SuccessionEntry& entry) {
    SqliteValues values = {target, target, entry.id.str(), rows::milliseconds(entry.since)};
    for (SqliteValue& fact : entry.certificate ? rows::facts(*entry.certificate) : SqliteValues(5))
        values.push_back(std::move(fact));
    const auto grown = database.run(
        fmt::format(
            "INSERT INTO succession (target, position, {}) VALUES "
            "(?, (SELECT max(position) + 1 FROM succession WHERE target = ?), ?, ?, ?, ?, ?, ?, ?, NULL)",
            rows::entry_columns),
        values);
    if (!grown) return grown.error();
    return {};
}

std::string select_entries(std::string_view order) {
    return fmt::format("SELECT {} FROM succession JOIN target ON target.id = target WHERE {} {}",
                       rows::entry_columns, of_target, order);
}

// Of a target that is new to the journal.
SuccessionEntry configured_head(const TargetKey& target, WallTime now) {
    return {target.configured_id, std::nullopt, now, std::nullopt};
}

}  // namespace

Result<SqliteJournal> SqliteJournal::open(PosixStateDir held) {
    auto database = open_journal_file(held.path() / file_name);
    if (!database) return database.error();
    return SqliteJournal(std::move(held), *std::move(database));
}

Result<SqliteJournal> SqliteJournal::open_read_only(const std::filesystem::path& state_dir) {
    auto database = open_journal_file_read_only(state_dir / file_name);
    if (!database) return database.error();
    return SqliteJournal(std::nullopt, *std::move(database));
}

Result<std::vector<TargetKey>> SqliteJournal::targets() {
    return database_.select("SELECT account, configured_id FROM target ORDER BY id", {}, rows::read_target);
}

Result<Succession> SqliteJournal::succession(const TargetKey& target, WallTime now) {
    auto entries = database_.select(select_entries("ORDER BY position"),
                                    {target.account.str(), target.configured_id.str()}, rows::read_entry);
    if (!entries) return entries.error();
    if (entries->empty()) return Succession{{configured_head(target, now)}};
    return Succession{*std::move(entries)};
}

Result<SuccessionEntry> SqliteJournal::head(const TargetKey& target, WallTime now) {
    auto head = database_.first(select_entries("ORDER BY position DESC LIMIT 1"),
                                {target.account.str(), target.configured_id.str()}, rows::read_entry);
    if (!head) return head.error();
    return (*head).value_or(configured_head(target, now));
}

Result<void> SqliteJournal::learn_head(const TargetKey& target, const CertificateFacts& certificate) {
    auto transaction = SqliteTransaction::begin(database_);
    if (!transaction) return transaction.error();
    const auto id = find_target(database_, target);
    if (!id) return id.error();
    if (!*id) return conflict(database_, target, "the target has no succession yet");
    if (const auto learned = learn(database_, **id, certificate); !learned) return learned.error();
    return transaction->commit();
}

Result<std::optional<Rotation>> SqliteJournal::open_rotation(const TargetKey& target) {
    return database_.first(select_rotations(fmt::format("{} AND {}", of_target, is_open), ""),
                           {target.account.str(), target.configured_id.str()}, rows::read_rotation);
}

Result<Rotation> SqliteJournal::begin(Rotation rotation) {
    rotation.changed = rotation.began;
    auto transaction = SqliteTransaction::begin(database_);
    if (!transaction) return transaction.error();
    const auto target = find_or_add_target(database_, rotation.target, rotation.began);
    if (!target) return target.error();
    const auto alone = check_nothing_open(database_, rotation.target, *target);
    if (!alone) return alone.error();
    if (const auto fits = check_head(database_, rotation, *target); !fits) return fits.error();
    if (const auto inserted = insert_rotation(database_, rotation, *target); !inserted)
        return inserted.error();
    const std::string detail =
        fmt::format("from {} to certificate {}, valid until {}", rotation.old_id.str(),
                    short_form(rotation.bundle.fingerprint), to_utc_day(rotation.bundle.not_after));
    if (const auto told = add_line(database_, rotation, detail); !told) return told.error();
    if (const auto written = transaction->commit(); !written) return written.error();
    return rotation;
}

Result<void> SqliteJournal::record(const Rotation& rotation, std::string_view detail) {
    if (rotation.stage == Stage::done)
        return conflict(database_, rotation.target, "a rotation becomes done by being concluded");
    Rotation recorded = rotation;
    if (recorded.stage == Stage::superseded) recorded.pause.reset();

    auto transaction = SqliteTransaction::begin(database_);
    if (!transaction) return transaction.error();
    if (const auto updated = update_rotation(database_, recorded); !updated) return updated.error();
    if (const auto told = add_line(database_, recorded, detail); !told) return told.error();
    return transaction->commit();
}

Result<void> SqliteJournal::conclude(const Rotation& rotation, std::string_view detail) {
    if (!rotation.new_id)
        return conflict(database_, rotation.target, "a rotation without a new id cannot be done");
    Rotation concluded = rotation;
    concluded.stage = Stage::done;
    concluded.pause.reset();

    auto transaction = SqliteTransaction::begin(database_);
    if (!transaction) return transaction.error();
    if (const auto updated = update_rotation(database_, concluded); !updated) return updated.error();
    const auto target = find_target(database_, rotation.target);
    if (!target) return target.error();
    if (const auto fits = check_head(database_, rotation, **target); !fits) return fits.error();
    const auto headed = rotation.new_id == rotation.old_id ? learn(database_, **target, rotation.bundle)
                                                           : grow(database_, **target, head_after(rotation));
    if (!headed) return headed.error();
    if (const auto told = add_line(database_, concluded, detail); !told) return told.error();
    return transaction->commit();
}

Result<void> SqliteJournal::adopt(const Rotation& rotation, const SuccessionEntry& entry,
                                  std::string_view detail) {
    if (rotation.old_id != entry.id)
        return conflict(database_, rotation.target, "a rotation replaces the head that it adopts");
    auto transaction = SqliteTransaction::begin(database_);
    if (!transaction) return transaction.error();
    if (const auto updated = update_rotation(database_, rotation); !updated) return updated.error();
    const auto target = find_target(database_, rotation.target);
    if (!target) return target.error();
    if (const auto grown = grow(database_, **target, entry); !grown) return grown.error();
    if (const auto told = add_line(database_, rotation, detail); !told) return told.error();
    return transaction->commit();
}

Result<void> SqliteJournal::take_head(const TargetKey& target, const SuccessionEntry& entry) {
    auto transaction = SqliteTransaction::begin(database_);
    if (!transaction) return transaction.error();
    const auto id = find_or_add_target(database_, target, entry.since);
    if (!id) return id.error();
    if (const auto alone = check_nothing_open(database_, target, *id); !alone) return alone.error();
    if (const auto grown = grow(database_, *id, entry); !grown) return grown.error();
    return transaction->commit();
}

Result<void> SqliteJournal::retire(const TargetKey& target, const CertificateId& id, Retirement how) {
    auto transaction = SqliteTransaction::begin(database_);
    if (!transaction) return transaction.error();
    const auto retired = database_.run(
        fmt::format("UPDATE succession SET retired = ? WHERE certificate_id = ? "
                    "AND target = (SELECT id FROM target WHERE {}) "
                    "AND certificate_id <> (SELECT head.certificate_id FROM succession AS head "
                    "WHERE head.target = succession.target ORDER BY position DESC LIMIT 1)",
                    of_target),
        {std::string(to_text(how)), id.str(), target.account.str(), target.configured_id.str()});
    if (!retired) return retired.error();
    if (*retired == 0)
        return conflict(database_, target, fmt::format("{} is not one of its superseded ids", id.str()));
    return transaction->commit();
}

Result<std::vector<Rotation>> SqliteJournal::rotations(const TargetKey& target, std::size_t limit) {
    return database_.select(
        select_rotations(of_target, "ORDER BY number DESC LIMIT ?"),
        {target.account.str(), target.configured_id.str(), static_cast<std::int64_t>(limit)},
        rows::read_rotation);
}

Result<std::optional<CertificateId>> SqliteJournal::uploaded(const AccountName& account,
                                                             const Fingerprint& bundle) {
    return database_.first(
        "SELECT new_id FROM rotation JOIN target ON target.id = rotation.target "
        "WHERE account = ? AND rotation.fingerprint = ? AND uploaded AND new_id IS NOT NULL "
        "ORDER BY number DESC LIMIT 1",
        {account.str(), bundle.str()}, rows::read_certificate_id);
}

// One rotation of a target comes after the other, and so do their lines: in this order the indexes have them,
// and no more is read than is wanted.
Result<std::vector<HistoryLine>> SqliteJournal::history(const TargetKey& target, std::size_t limit) {
    auto lines = database_.select(
        fmt::format("SELECT {} FROM history JOIN rotation ON rotation.number = history.rotation "
                    "JOIN target ON target.id = rotation.target WHERE {} "
                    "ORDER BY rotation.number DESC, history.id DESC LIMIT ?",
                    rows::line_columns, of_target),
        {target.account.str(), target.configured_id.str(), static_cast<std::int64_t>(limit)},
        rows::read_line);
    if (lines) std::reverse(lines->begin(), lines->end());
    return lines;
}

Result<std::vector<HistoryLine>> SqliteJournal::latest_history(std::size_t limit) {
    return database_.select(
        fmt::format("SELECT {} FROM history JOIN rotation ON rotation.number = history.rotation "
                    "JOIN target ON target.id = rotation.target ORDER BY history.id DESC LIMIT ?",
                    rows::line_columns),
        {static_cast<std::int64_t>(limit)}, rows::read_line);
}

Result<void> SqliteJournal::hold(const MappingName& mapping, WallTime since) {
    auto transaction = SqliteTransaction::begin(database_);
    if (!transaction) return transaction.error();
    const auto held = database_.run("INSERT OR IGNORE INTO on_hold (mapping, since) VALUES (?, ?)",
                                    {mapping.str(), rows::milliseconds(since)});
    if (!held) return held.error();
    return transaction->commit();
}

Result<void> SqliteJournal::release(const MappingName& mapping) {
    auto transaction = SqliteTransaction::begin(database_);
    if (!transaction) return transaction.error();
    const auto released = database_.run("DELETE FROM on_hold WHERE mapping = ?", {mapping.str()});
    if (!released) return released.error();
    return transaction->commit();
}

// Read beside no daemon, the file may be of a version before the table.
Result<std::map<MappingName, WallTime>> SqliteJournal::on_hold() {
    const auto known =
        database_.first("SELECT count(*) FROM sqlite_schema WHERE name = 'on_hold'", {}, read_integer);
    if (!known) return known.error();
    std::map<MappingName, WallTime> held;
    if (known->value_or(0) == 0) return held;
    const auto entries = database_.select("SELECT mapping, since FROM on_hold", {}, rows::read_hold);
    if (!entries) return entries.error();
    held.insert(entries->begin(), entries->end());
    return held;
}

Result<std::optional<KnownBundle>> SqliteJournal::known_bundle(const MappingName& mapping) {
    return database_.first(fmt::format("SELECT {} FROM bundle WHERE mapping = ?", rows::known_columns),
                           {mapping.str()}, rows::read_known);
}

Result<void> SqliteJournal::know_bundles(const std::map<MappingName, KnownBundle>& bundles) {
    auto transaction = SqliteTransaction::begin(database_);
    if (!transaction) return transaction.error();
    for (const auto& [mapping, bundle] : bundles) {
        const SqliteValues values = joined(rows::known(bundle), {mapping.str()});
        const auto written =
            database_.run(fmt::format("INSERT OR REPLACE INTO bundle ({}, mapping) VALUES ({})",
                                      rows::known_columns, marks(values)),
                          values);
        if (!written) return written.error();
    }
    return transaction->commit();
}

Result<void> SqliteJournal::note_told(const NotifierName& notifier, const ToldByTarget& told) {
    auto transaction = SqliteTransaction::begin(database_);
    if (!transaction) return transaction.error();
    for (const auto& [target, now] : told) {
        const SqliteValues values = joined(rows::told(target, now), {notifier.str()});
        const auto written =
            database_.run(fmt::format("INSERT OR REPLACE INTO told ({}, notifier) VALUES ({})",
                                      rows::told_columns, marks(values)),
                          values);
        if (!written) return written.error();
    }
    return transaction->commit();
}

Result<ToldByTarget> SqliteJournal::told(const NotifierName& notifier) {
    const auto entries =
        database_.select(fmt::format("SELECT {} FROM told WHERE notifier = ?", rows::told_columns),
                         {notifier.str()}, rows::read_told);
    if (!entries) return entries.error();
    return ToldByTarget(entries->begin(), entries->end());
}

}  // namespace certferry
