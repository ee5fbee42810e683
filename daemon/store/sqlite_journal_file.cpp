// SPDX-License-Identifier: MIT
#include "store/sqlite_journal_file.hpp"

#include "base/posix_files.hpp"
#include "store/posix_state_dir.hpp"
#include "store/sqlite_schema.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace certferry {
namespace {

namespace fs = std::filesystem;

fs::path beside(const fs::path& file, const char* suffix) {
    return file.string() + suffix;
}

Error corrupt(const fs::path& file, std::string_view reason) {
    return {Errc::journal_corrupt, fmt::format("{}: {}", file.string(), reason)};
}

// What a person must know of a refusal: that nothing was changed, and that it is on purpose.
Error refusing_to_run(const Error& error) {
    if (error.code() != Errc::journal_corrupt) return error;
    return Error(error.code(),
                 error.message() + "; refusing to run, and never starting from an empty journal")
        .with_remedy(std::string(error.remedy()));
}

Result<void> make(const fs::path& file) {
    const fs::path draft = beside(file, ".new");
    std::error_code error;
    for (const fs::path& left_over : {draft, beside(draft, "-journal")})
        if (fs::remove(left_over, error); error) return state_failure(left_over, error.value());
    // SQLite gives the files that it makes beside this one the same mode.
    const int mode = O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC;
    if (!OwnedDescriptor(::open(draft.c_str(), mode, 0600)).valid()) return state_failure(draft, errno);
    {
        const auto database = SqliteDatabase::open(draft, SqliteDatabase::Access::read_write);
        if (!database) return database.error();
        if (const auto filled = sqlite_schema::migrate(*database); !filled) return filled.error();
    }
    if (fs::rename(draft, file, error); error) return state_failure(file, error.value());
    return sync_directory(file.parent_path());
}

Result<void> make_if_missing(const fs::path& file) {
    std::error_code error;
    const bool exists = fs::exists(file, error);
    if (error) return state_failure(file, error.value());
    if (!exists) {
        const fs::path log = beside(file, "-wal");
        if (const auto size = fs::file_size(log, error); !error && size > 0)
            return corrupt(file, fmt::format("missing, but its log {} is there", log.string()))
                .with_remedy(
                    "restore journal.db from a backup, or move journal.db-wal and journal.db-shm aside and "
                    "set "
                    "old_cert_id of each mapping to the id bound now");
        return make(file);
    }
    // SQLite would take an empty file for a new database, and remove its log.
    if (fs::is_regular_file(file, error) && fs::file_size(file, error) == 0) return corrupt(file, "empty");
    return {};
}

Result<void> use_log(const SqliteDatabase& database) {
    const auto mode = database.first("PRAGMA journal_mode = WAL", {}, read_text);
    if (!mode) return mode.error();
    if (*mode == "wal") return {};
    return Error(Errc::journal_unwritable,
                 fmt::format("{}: no write-ahead log on this file system (SQLite's journal_mode is {})",
                             database.file(), mode->value_or("unknown")));
}

// Through a handle that cannot write, so that what is refused stays as it is.
Result<void> check(const fs::path& file) {
    const auto database = SqliteDatabase::open(file, SqliteDatabase::Access::read_only);
    if (!database) return database.error();
    if (const auto ours = sqlite_schema::check(*database); !ours) return ours.error();
    return sqlite_schema::check_pages(*database);
}

Result<SqliteDatabase> open_checked(const fs::path& file) {
    if (const auto there = make_if_missing(file); !there) return there.error();
    if (const auto checked = check(file); !checked) return checked.error();
    auto database = SqliteDatabase::open(file, SqliteDatabase::Access::read_write);
    if (!database) return database.error();
    if (const auto logged = use_log(*database); !logged) return logged.error();
    if (const auto newest = sqlite_schema::migrate(*database); !newest) return newest.error();
    return database;
}

Result<void> check_readable(const fs::path& file) {
    if (::faccessat(AT_FDCWD, file.c_str(), R_OK, AT_EACCESS) == 0) return {};
    const int reason = errno;
    const Error error = state_failure(file, reason);
    if (reason == EACCES) return error.with_remedy("ask as root or as the daemon's user");
    if (reason != ENOENT) return error;
    return Error(Errc::file_missing, fmt::format("no journal in {}", file.parent_path().string()))
        .with_remedy("has certferryd run with this configuration?");
}

}  // namespace

Result<SqliteDatabase> open_journal_file(const fs::path& file) {
    auto database = open_checked(file);
    if (!database) return refusing_to_run(database.error());
    return database;
}

Result<SqliteDatabase> open_journal_file_read_only(const fs::path& file) {
    if (const auto readable = check_readable(file); !readable) return readable.error();
    auto database = SqliteDatabase::open(file, SqliteDatabase::Access::read_only);
    if (!database) return database.error();
    if (const auto ours = sqlite_schema::check(*database); !ours) return ours.error();
    return database;
}

}  // namespace certferry
