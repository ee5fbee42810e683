// SPDX-License-Identifier: MIT
#include "store/sqlite_database.hpp"

#include <system_error>

#include <fmt/format.h>
#include <sqlite3.h>

namespace certferry {
namespace {

// How long another process (a reader that recovers the log of a killed daemon) is waited for.
constexpr int busy_timeout_ms = 2000;

Errc code_of(int sqlite_code) {
    switch (sqlite_code & 0xff) {
        case SQLITE_FULL:
        case SQLITE_READONLY:
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_PROTOCOL:
        case SQLITE_NOMEM:
            return Errc::journal_unwritable;
        case SQLITE_CONSTRAINT:
            return Errc::journal_conflict;
        default:
            return Errc::journal_corrupt;
    }
}

std::string file_of(sqlite3* handle) {
    const char* const name = sqlite3_db_filename(handle, "main");
    return name == nullptr ? std::string() : name;
}

// SQLite keeps the system's reason for some failures; its own code (https://sqlite.org/rescode.html) tells
// the others apart: which of reading, writing and syncing it was.
std::string fine_print(sqlite3* handle, int code) {
    if (code_of(code) != Errc::journal_unwritable) return {};
    if (const int reason = sqlite3_system_errno(handle); reason != 0)
        return fmt::format(" ({})", std::generic_category().message(reason));
    return code > 0xff ? fmt::format(" (SQLite code {})", code) : std::string();
}

Error failure_of(sqlite3* handle, const std::string& file) {
    const int code = sqlite3_extended_errcode(handle);
    return {code_of(code), fmt::format("{}: {}{}", file, sqlite3_errmsg(handle), fine_print(handle, code))};
}

Error failure_of(sqlite3* handle) {
    return failure_of(handle, file_of(handle));
}

Result<void> execute_on(sqlite3* handle, const std::string& sql) {
    if (sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) return failure_of(handle);
    return {};
}

std::string as_uri(const std::filesystem::path& file) {
    std::string uri = "file:";
    for (const char c : file.string()) {
        if (c == '%' || c == '?' || c == '#')
            uri += fmt::format("%{:02X}", static_cast<unsigned>(c));
        else
            uri += c;
    }
    return uri;
}

// Without a log nobody has the file open, and reading it as immutable spares making a log beside it.
std::string read_only_uri(const std::filesystem::path& file) {
    std::error_code ignored;
    const bool has_log = std::filesystem::exists(file.string() + "-wal", ignored);
    return as_uri(file) + (has_log ? "?mode=ro" : "?mode=ro&immutable=1");
}

struct Binder {
    sqlite3_stmt* statement;
    int index;

    int operator()(std::monostate) const { return sqlite3_bind_null(statement, index); }
    int operator()(std::int64_t value) const { return sqlite3_bind_int64(statement, index, value); }
    int operator()(const std::string& value) const {
        return sqlite3_bind_text64(statement, index, value.data(), value.size(), SQLITE_TRANSIENT,
                                   SQLITE_UTF8);
    }
};

int bind_all(sqlite3_stmt* statement, const SqliteValues& values) {
    int index = 0;
    for (const SqliteValue& value : values)
        if (const int code = std::visit(Binder{statement, ++index}, value); code != SQLITE_OK) return code;
    return SQLITE_OK;
}

}  // namespace

std::int64_t SqliteRow::integer() {
    return sqlite3_column_int64(statement_, column_++);
}

std::string SqliteRow::text() {
    const auto* const bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column_));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column_));
    ++column_;
    return bytes == nullptr ? std::string() : std::string(bytes, size);
}

std::optional<std::string> SqliteRow::optional_text() {
    if (sqlite3_column_type(statement_, column_) != SQLITE_NULL) return text();
    skip(1);
    return std::nullopt;
}

Result<std::int64_t> read_integer(SqliteRow& row) {
    return row.integer();
}

Result<std::string> read_text(SqliteRow& row) {
    return row.text();
}

void SqliteStatements::Finalize::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

sqlite3_stmt* SqliteStatements::take(std::string_view sql) {
    const auto found = idle_.find(sql);
    if (found == idle_.end()) return nullptr;
    sqlite3_stmt* const statement = found->second.release();
    idle_.erase(found);
    return statement;
}

// A statement that is not reset keeps its snapshot of the file, and the log from being cut.
void SqliteStatements::give_back(sqlite3_stmt* statement) {
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    idle_.emplace(sqlite3_sql(statement), statement);
}

SqliteStatement::SqliteStatement(sqlite3_stmt* statement, const SqliteValues& values, SqliteStatements& home)
    : statement_(statement, GiveBack{&home}), bound_(bind_all(statement, values)) {}

Result<bool> SqliteStatement::step() {
    const int code = bound_ == SQLITE_OK ? sqlite3_step(statement_.get()) : bound_;
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return failure_of(sqlite3_db_handle(statement_.get()));
}

void SqliteDatabase::Close::operator()(sqlite3* handle) const {
    sqlite3_close(handle);
}

Result<SqliteDatabase> SqliteDatabase::open(const std::filesystem::path& file, Access access) {
    const bool writes = access == Access::read_write;
    const std::string name = writes ? file.string() : read_only_uri(file);
    const int flags = writes ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(name.c_str(), &handle, flags | SQLITE_OPEN_EXRESCODE, nullptr);
    SqliteDatabase database(handle);
    if (code != SQLITE_OK) return failure_of(handle, file.string());

    sqlite3_busy_timeout(handle, busy_timeout_ms);
    // Negative is KiB: each target is asked about alone, so what is read again soon is the upper part of the
    // trees.
    const auto set =
        execute_on(handle, "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA cache_size = -512");
    if (!set) return set.error();
    // SQLite silently opens for reading what it may not write.
    if (writes && sqlite3_db_readonly(handle, "main") != 0)
        return Error(Errc::journal_unwritable, fmt::format("{}: may only be read", file.string()));
    return database;
}

Result<SqliteStatement> SqliteDatabase::prepare(std::string_view sql, const SqliteValues& values) const {
    sqlite3_stmt* statement = statements_->take(sql);
    const int size = static_cast<int>(sql.size());
    if (statement == nullptr && sqlite3_prepare_v3(handle_.get(), sql.data(), size, SQLITE_PREPARE_PERSISTENT,
                                                   &statement, nullptr) != SQLITE_OK)
        return failure();
    return SqliteStatement(statement, values, *statements_);
}

Result<void> SqliteDatabase::execute(const std::string& sql) const {
    return execute_on(handle_.get(), sql);
}

Result<int> SqliteDatabase::run(std::string_view sql, const SqliteValues& values) const {
    Result<SqliteStatement> statement = prepare(sql, values);
    if (!statement) return statement.error();
    if (const Result<bool> stepped = statement->step(); !stepped) return stepped.error();
    return sqlite3_changes(handle_.get());
}

std::int64_t SqliteDatabase::last_row() const {
    return sqlite3_last_insert_rowid(handle_.get());
}

std::string SqliteDatabase::file() const {
    return file_of(handle_.get());
}

Error SqliteDatabase::failure() const {
    return failure_of(handle_.get());
}

Result<SqliteTransaction> SqliteTransaction::begin(const SqliteDatabase& database) {
    const auto begun = execute_on(database.handle_.get(), "BEGIN IMMEDIATE");
    if (!begun) return begun.error();
    return SqliteTransaction(database.handle_.get());
}

SqliteTransaction::~SqliteTransaction() {
    // A full disk makes SQLite roll back by itself; then there is nothing left to undo.
    if (handle_ != nullptr && sqlite3_get_autocommit(handle_) == 0) (void)execute_on(handle_, "ROLLBACK");
}

Result<void> SqliteTransaction::commit() {
    return execute_on(handle_, "COMMIT");
}

}  // namespace certferry
