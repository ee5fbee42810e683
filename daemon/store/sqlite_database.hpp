// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace certferry {

/// What a statement's parameter is set to: NULL, an integer or a text.
using SqliteValue = std::variant<std::monostate, std::int64_t, std::string>;
using SqliteValues = std::vector<SqliteValue>;

/// The row that a statement stands on, read column by column from the left.
class SqliteRow {
public:
    explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}

    std::int64_t integer();
    std::string text();
    /// Nothing for NULL.
    std::optional<std::string> optional_text();
    void skip(int columns) { column_ += columns; }

private:
    sqlite3_stmt* statement_;
    int column_ = 0;
};

/// What a row of one column holds.
Result<std::int64_t> read_integer(SqliteRow& row);
Result<std::string> read_text(SqliteRow& row);

/// Prepared statements that nobody is using, by their text: preparing one takes longer than running it.
class SqliteStatements {
public:
    /// Null where there is none.
    sqlite3_stmt* take(std::string_view sql);
    void give_back(sqlite3_stmt* statement);

private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    std::multimap<std::string, std::unique_ptr<sqlite3_stmt, Finalize>, std::less<>> idle_;
};

/// A prepared statement with its parameters set.
class SqliteStatement {
public:
    /// `home` is where it goes afterwards, and outlives it.
    SqliteStatement(sqlite3_stmt* statement, const SqliteValues& values, SqliteStatements& home);

    /// To the next row; false when there is none.
    /// Errors: as SqliteDatabase's.
    Result<bool> step();
    SqliteRow row() const { return SqliteRow(statement_.get()); }

private:
    struct GiveBack {
        SqliteStatements* home;
        void operator()(sqlite3_stmt* statement) const { home->give_back(statement); }
    };
    std::unique_ptr<sqlite3_stmt, GiveBack> statement_;
    int bound_;  // SQLITE_OK, or why a parameter could not be set
};

/// An open SQLite file. Everything here fails with journal_unwritable where the system stands in the way (no
/// space, no permission, an I/O error, another process), journal_conflict where a constraint does, and
/// journal_corrupt where the file is not what it should be. Messages begin with the file's path and end with
/// the system's reason. After a failure the handle stays usable: SQLite writes again whatever a failed
/// transaction may have left in the log, so it must not be reopened for that (a reopened log would take a
/// frame whose fsync failed for a durable one).
class SqliteDatabase {
public:
    enum class Access {
        read_write,  // an existing file
        read_only,   // changes nothing; makes at most SQLite's index of a log that has lost it
    };
    static Result<SqliteDatabase> open(const std::filesystem::path& file, Access access);

    Result<SqliteStatement> prepare(std::string_view sql, const SqliteValues& values = {}) const;

    /// Runs statements that give no rows, without parameters.
    Result<void> execute(const std::string& sql) const;

    /// Runs one statement that gives no rows; how many rows it changed.
    Result<int> run(std::string_view sql, const SqliteValues& values) const;

    /// Every row as `read` makes it of a SqliteRow: Result<T>(SqliteRow&), whose error says why it cannot.
    template <class Read>
    auto select(std::string_view sql, const SqliteValues& values, Read read) const;

    /// The first row, if any, likewise.
    template <class Read>
    auto first(std::string_view sql, const SqliteValues& values, Read read) const;

    /// The row that the last INSERT made.
    std::int64_t last_row() const;

    std::string file() const;

private:
    friend class SqliteTransaction;
    struct Close {
        void operator()(sqlite3* handle) const;
    };

    explicit SqliteDatabase(sqlite3* handle) : handle_(handle) {}
    Error failure() const;

    std::unique_ptr<sqlite3, Close> handle_;
    std::unique_ptr<SqliteStatements> statements_ = std::make_unique<SqliteStatements>();
};

/// Everything between its beginning and commit() happens, or nothing does. Writers wait for no reader.
class SqliteTransaction {
public:
    static Result<SqliteTransaction> begin(const SqliteDatabase& database);

    SqliteTransaction(SqliteTransaction&& other) noexcept : handle_(other.handle_) {
        other.handle_ = nullptr;
    }
    SqliteTransaction(const SqliteTransaction&) = delete;
    SqliteTransaction& operator=(const SqliteTransaction&) = delete;
    SqliteTransaction& operator=(SqliteTransaction&&) = delete;
    ~SqliteTransaction();

    /// On disk when it returns.
    Result<void> commit();

private:
    explicit SqliteTransaction(sqlite3* handle) : handle_(handle) {}

    sqlite3* handle_;
};

template <class Read>
auto SqliteDatabase::select(std::string_view sql, const SqliteValues& values, Read read) const {
    using Value = typename std::invoke_result_t<Read, SqliteRow&>::value_type;
    using Answer = Result<std::vector<Value>>;
    Result<SqliteStatement> statement = prepare(sql, values);
    if (!statement) return Answer(statement.error());
    std::vector<Value> found;
    for (;;) {
        const Result<bool> there_is_one = statement->step();
        if (!there_is_one) return Answer(there_is_one.error());
        if (!*there_is_one) return Answer(std::move(found));
        SqliteRow row = statement->row();
        auto value = read(row);
        if (!value) return Answer(value.error().within(file()));
        found.push_back(*std::move(value));
    }
}

template <class Read>
auto SqliteDatabase::first(std::string_view sql, const SqliteValues& values, Read read) const {
    using Value = typename std::invoke_result_t<Read, SqliteRow&>::value_type;
    using Answer = Result<std::optional<Value>>;
    auto found = select(sql, values, read);
    if (!found) return Answer(found.error());
    if (found->empty()) return Answer(std::nullopt);
    return Answer(std::move(found->front()));
}

}  // namespace certferry
