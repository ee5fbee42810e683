// SPDX-License-Identifier: MIT
#pragma once

#include "store/sqlite_database.hpp"

#include <filesystem>

namespace certferry {

/// Opens the journal's file for the daemon that holds its directory: write-ahead log, each commit synced,
/// tables brought to the newest version. A missing file is made under another name and appears complete or
/// not at all, so that a file that is empty or has lost its log's companion is never taken for a new journal.
/// Errors: journal_corrupt (nothing of the file was changed), journal_newer, journal_unwritable.
Result<SqliteDatabase> open_journal_file(const std::filesystem::path& file);

/// Opens it for reading, whether a daemon runs or not; makes nothing and disturbs nobody. Pages are checked
/// as they are read. Errors: likewise.
Result<SqliteDatabase> open_journal_file_read_only(const std::filesystem::path& file);

}  // namespace certferry
