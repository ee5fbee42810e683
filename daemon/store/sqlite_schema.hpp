// SPDX-License-Identifier: MIT
#pragma once

#include "store/sqlite_database.hpp"

#include <cstdint>
#include <span>

/// What the journal's file looks like inside. The first word of its header that is ours to choose says whose
/// it is (https://sqlite.org/pragma.html#pragma_application_id), the next which version of the tables it has.
namespace certferry::sqlite_schema {

/// "crtf"
constexpr std::int64_t application_id = 0x63727466;

/// Step n makes a file of version n from one of version n - 1; an empty file has version 0. Steps that were
/// released never change.
using Steps = std::span<const char* const>;
Steps steps();

/// Refuses a file that is damaged in its first page, somebody else's (journal_corrupt), or of a version that
/// `known` does not lead to (journal_newer). Changes nothing.
Result<void> check(const SqliteDatabase& database, Steps known = steps());

/// Refuses a file with a damaged page anywhere (journal_corrupt). Reads all of it.
Result<void> check_pages(const SqliteDatabase& database);

/// Brings a file from whatever version it has to the newest, in one transaction.
Result<void> migrate(const SqliteDatabase& database, Steps known = steps());

}  // namespace certferry::sqlite_schema
