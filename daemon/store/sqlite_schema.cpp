// SPDX-License-Identifier: MIT
#include "store/sqlite_schema.hpp"

#include <array>

#include <fmt/format.h>

namespace certferry::sqlite_schema {
namespace {

// Times are milliseconds since 1970 in UTC; not_before and not_after are seconds. The facts of a certificate
// are five columns: all NULL where nothing is known, an empty fingerprint where only dates and names are.
constexpr const char* version_1 = R"sql(
CREATE TABLE target (
    id            INTEGER PRIMARY KEY,
    account       TEXT NOT NULL,
    configured_id TEXT NOT NULL,
    UNIQUE (account, configured_id)
) STRICT;

-- Oldest first; the highest position is the head.
CREATE TABLE succession (
    target         INTEGER NOT NULL REFERENCES target (id),
    position       INTEGER NOT NULL CHECK (position >= 0),
    certificate_id TEXT NOT NULL CHECK (certificate_id <> ''),
    since          INTEGER NOT NULL,
    fingerprint    TEXT,
    not_before     INTEGER,
    not_after      INTEGER,
    names          TEXT,  -- JSON: ["a.example", …]
    issuer         TEXT,
    retired        TEXT CHECK (retired IN ('muted', 'removed')),
    PRIMARY KEY (target, position),
    CHECK ((fingerprint IS NULL) + (not_before IS NULL) + (not_after IS NULL) + (names IS NULL)
           + (issuer IS NULL) IN (0, 5))
) STRICT, WITHOUT ROWID;

CREATE TABLE rotation (
    number       INTEGER PRIMARY KEY,
    target       INTEGER NOT NULL REFERENCES target (id),
    mapping      TEXT NOT NULL,
    fingerprint  TEXT NOT NULL CHECK (fingerprint <> ''),  -- of the bundle, as the next four
    not_before   INTEGER NOT NULL,
    not_after    INTEGER NOT NULL,
    names        TEXT NOT NULL,
    issuer       TEXT NOT NULL,
    stage        TEXT NOT NULL CHECK (stage IN ('planned', 'uploading', 'uploaded', 'replacing', 'accepted',
                                                'verifying', 'rolling_back', 'rolled_back', 'done',
                                                'superseded')),
    old_id       TEXT NOT NULL CHECK (old_id <> ''),
    new_id       TEXT CHECK (new_id <> ''),
    uploaded     INTEGER NOT NULL CHECK (uploaded IN (0, 1)),
    bindings     TEXT NOT NULL,  -- JSON: [{"load_balancer": …}, …]
    request_id   TEXT NOT NULL,
    failures     INTEGER NOT NULL CHECK (failures >= 0),
    pause        TEXT CHECK (pause IN ('waiting', 'held', 'rejected')),
    pause_reason TEXT,
    pause_detail TEXT,
    next_attempt INTEGER,
    began        INTEGER NOT NULL,
    changed      INTEGER NOT NULL,
    CHECK ((pause IS NULL) + (pause_reason IS NULL) + (pause_detail IS NULL) + (next_attempt IS NULL)
           IN (0, 4)),
    CHECK (stage <> 'done' OR new_id IS NOT NULL)
) STRICT;

CREATE UNIQUE INDEX one_open_rotation_per_target ON rotation (target) WHERE stage NOT IN ('done', 'superseded');
CREATE INDEX rotation_by_target ON rotation (target);
CREATE INDEX rotation_by_fingerprint ON rotation (fingerprint);

CREATE TABLE history (
    id       INTEGER PRIMARY KEY,
    rotation INTEGER NOT NULL REFERENCES rotation (number),
    at       INTEGER NOT NULL,
    state    TEXT NOT NULL,
    detail   TEXT NOT NULL
) STRICT;

CREATE INDEX history_by_rotation ON history (rotation);
)sql";

constexpr const char* version_2 = R"sql(
-- Mappings that a person wants no rotations of.
CREATE TABLE on_hold (
    mapping TEXT PRIMARY KEY,
    since   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

constexpr const char* version_3 = R"sql(
-- What each notifier has last told of a target.
CREATE TABLE told (
    notifier      TEXT NOT NULL,
    account       TEXT NOT NULL,
    configured_id TEXT NOT NULL,
    trouble       TEXT NOT NULL,
    since         INTEGER NOT NULL,
    at            INTEGER NOT NULL,
    rotation      INTEGER NOT NULL,
    expiring      TEXT NOT NULL,
    expiring_step INTEGER NOT NULL CHECK (expiring_step >= 0),
    PRIMARY KEY (notifier, account, configured_id)
) STRICT, WITHOUT ROWID;
)sql";

constexpr const char* version_4 = R"sql(
-- What the lineage of a mapping held when it was last judged good: files of this seal hold this leaf.
CREATE TABLE bundle (
    mapping     TEXT PRIMARY KEY,
    seal        TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    not_before  INTEGER NOT NULL,
    not_after   INTEGER NOT NULL,
    names       TEXT NOT NULL,
    issuer      TEXT NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

constexpr std::array<const char*, 4> all_steps = {version_1, version_2, version_3, version_4};

Result<std::int64_t> header(const SqliteDatabase& database, std::string_view pragma) {
    const auto value = database.first(pragma, {}, read_integer);
    if (!value) return value.error();
    return value->value_or(0);
}

Result<std::int64_t> version_of(const SqliteDatabase& database) {
    return header(database, "PRAGMA user_version");
}

}  // namespace

Steps steps() {
    return all_steps;
}

Result<void> check(const SqliteDatabase& database, Steps known) {
    const auto owner = header(database, "PRAGMA application_id");
    if (!owner) return owner.error();
    const auto version = version_of(database);
    if (!version) return version.error();

    if (*owner != application_id || *version < 1)
        return Error(Errc::journal_corrupt, fmt::format("{}: not a journal of certferry", database.file()));
    if (*version > std::ssize(known))
        return Error(Errc::journal_newer,
                     fmt::format("{}: has version {}, this certferry knows versions up to {}",
                                 database.file(), *version, known.size()));
    return {};
}

Result<void> check_pages(const SqliteDatabase& database) {
    const auto verdict = database.first("PRAGMA quick_check(1)", {}, read_text);
    if (!verdict) return verdict.error();
    const std::string text = verdict->value_or("no verdict");
    if (text == "ok") return {};
    const std::string finding = text.substr(text.find('\n') + 1);  // below a headline, if there is one
    return Error(Errc::journal_corrupt, fmt::format("{}: damaged: {}", database.file(), finding));
}

Result<void> migrate(const SqliteDatabase& database, Steps known) {
    auto transaction = SqliteTransaction::begin(database);
    if (!transaction) return transaction.error();
    const auto version = version_of(database);
    if (!version) return version.error();
    if (*version == std::ssize(known)) return {};

    for (const char* const step : known.subspan(static_cast<std::size_t>(*version)))
        if (const auto made = database.execute(step); !made) return made.error();
    const auto marked = database.execute(
        fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", application_id, known.size()));
    if (!marked) return marked.error();
    return transaction->commit();
}

}  // namespace certferry::sqlite_schema
