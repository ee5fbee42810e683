// SPDX-License-Identifier: MIT
#include "store/sqlite_schema.hpp"

#include "support/scratch_directory.hpp"

#include <array>
#include <fstream>

#include <doctest/doctest.h>

namespace certferry::tests {
namespace {

SqliteDatabase empty_database(const std::filesystem::path& file) {
    std::ofstream(file).flush();
    return *SqliteDatabase::open(file, SqliteDatabase::Access::read_write);
}

std::int64_t number(const SqliteDatabase& database, const char* query) {
    return database.first(query, {}, read_integer)->value_or(-1);
}

constexpr std::array<const char*, 3> steps = {
    "CREATE TABLE target (id INTEGER) STRICT; INSERT INTO target VALUES (7)",
    "ALTER TABLE target ADD COLUMN region TEXT",
    "UPDATE target SET region = 'gz'",
};

TEST_CASE("a file of any earlier version is brought to the newest and keeps what it holds") {
    for (std::size_t version = 0; version <= steps.size(); ++version) {
        CAPTURE(version);
        const ScratchDirectory scratch;
        const auto database = empty_database(scratch.path() / "journal.db");
        if (version > 0)
            REQUIRE(sqlite_schema::migrate(database, sqlite_schema::Steps(steps).first(version)).has_value());
        REQUIRE(sqlite_schema::migrate(database, steps).has_value());
        CHECK(number(database, "PRAGMA user_version") == 3);
        CHECK(number(database, "SELECT count(*) FROM target WHERE id = 7 AND region = 'gz'") == 1);
        CHECK(sqlite_schema::check(database, steps).has_value());
    }
}

TEST_CASE("a step that fails leaves the file at the version that it had") {
    const ScratchDirectory scratch;
    const auto database = empty_database(scratch.path() / "journal.db");
    REQUIRE(sqlite_schema::migrate(database, sqlite_schema::Steps(steps).first(1)).has_value());
    constexpr std::array<const char*, 3> broken = {steps[0], steps[1], "UPDATE no_such_table SET x = 1"};
    CHECK(sqlite_schema::migrate(database, broken).has_error());
    CHECK(number(database, "PRAGMA user_version") == 1);
    CHECK(number(database, "SELECT count(*) FROM pragma_table_info('target')") == 1);
}

}  // namespace
}  // namespace certferry::tests
