// SPDX-License-Identifier: MIT
#include "contract/journal_contract.hpp"
#include "store/sqlite_journal.hpp"
#include "store/sqlite_journal_file.hpp"
#include "store/watched_sync.hpp"
#include "support/child_process.hpp"
#include "support/small_file_system.hpp"
#include "support/temp_dir.hpp"

#include <cerrno>
#include <fstream>
#include <iterator>
#include <map>

#include <doctest/doctest.h>

namespace certferry::tests {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t page = 4096;

const TargetKey www{AccountName("default"), CertificateId("4b9fc92b")};

Result<SqliteJournal> open_journal(const fs::path& state_dir) {
    auto held = PosixStateDir::hold(state_dir);
    if (!held) return held.error();
    return SqliteJournal::open(*std::move(held));
}

std::string contents(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

void write(const fs::path& file, const std::string& text) {
    std::ofstream(file, std::ios::binary) << text;
}

// Every file but the lock, by name.
std::map<std::string, std::string> files_in(const fs::path& directory) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::directory_iterator(directory))
        if (entry.path().filename() != "lock") files[entry.path().filename()] = contents(entry.path());
    return files;
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

// A journal with some rotations, closed.
void make_journal(const fs::path& state_dir, int rotations) {
    const watched_sync::Skipped fast;
    auto journal = open_journal(state_dir);
    REQUIRE(journal.has_value());
    std::string head = www.configured_id.str();
    for (int made = 0; made < rotations; ++made) {
        auto rotation = journal->begin(planned_rotation(www, head.c_str(), "aa"));
        REQUIRE(rotation.has_value());
        head = "id-" + std::to_string(made);
        rotation->new_id = CertificateId(head);
        REQUIRE(journal->conclude(*rotation, "proven").has_value());
    }
}

void must_refuse(const fs::path& state_dir, Errc code, const std::string& reason,
                 const std::string& remedy = "") {
    const auto before = files_in(state_dir);
    const auto refused = open_journal(state_dir);
    REQUIRE(refused.has_error());
    const std::string message = refused.error().message();
    CAPTURE(message);
    CHECK(refused.error().code() == code);
    CHECK(has(message, (state_dir / "journal.db").string()));
    CHECK(has(message, reason));
    CHECK(has(message, "never starting from an empty journal") == (code == Errc::journal_corrupt));
    CHECK_MESSAGE(files_in(state_dir) == before, "nothing is overwritten");
    CHECK(has(std::string(refused.error().remedy()), remedy));
}

TEST_CASE("a file that is not a sound journal is refused and left as it is") {
    const TempDir scratch;
    const fs::path file = scratch.path() / "journal.db";
    SUBCASE("text") {
        write(file, std::string(5000, 'x'));
        must_refuse(scratch.path(), Errc::journal_corrupt, "not a database",
                    "move journal.db, journal.db-wal and journal.db-shm aside");
    }
    SUBCASE("emptied") {
        make_journal(scratch.path(), 1);
        write(file, "");
        must_refuse(scratch.path(), Errc::journal_corrupt, "empty");
    }
    SUBCASE("another program's database") {
        write(file, "");
        REQUIRE(SqliteDatabase::open(file, SqliteDatabase::Access::read_write)
                    ->execute("CREATE TABLE places (url TEXT)")
                    .has_value());
        must_refuse(scratch.path(), Errc::journal_corrupt, "not a journal of certferry");
    }
    SUBCASE("a damaged page in the middle") {
        make_journal(scratch.path(), 100);
        std::string bytes = contents(file);
        REQUIRE(bytes.size() > 12 * page);
        bytes.replace(10 * page, 2 * page, 2 * page, '\xee');
        write(file, bytes);
        must_refuse(scratch.path(), Errc::journal_corrupt, "damaged: Page 1");
    }
    SUBCASE("cut short") {
        make_journal(scratch.path(), 100);
        fs::resize_file(file, 5 * page);
        must_refuse(scratch.path(), Errc::journal_corrupt, "");
    }
    SUBCASE("gone, but its log is there") {
        write(scratch.path() / "journal.db-wal", "frames");
        must_refuse(scratch.path(), Errc::journal_corrupt, "journal.db-wal",
                    "move journal.db-wal and journal.db-shm aside");
    }
    SUBCASE("of a later version") {
        make_journal(scratch.path(), 1);
        REQUIRE(SqliteDatabase::open(file, SqliteDatabase::Access::read_write)
                    ->execute("PRAGMA user_version = 7")
                    .has_value());
        must_refuse(scratch.path(), Errc::journal_newer, "version 7, this certferry knows versions up to 4");
        CHECK(SqliteJournal::open_read_only(scratch.path()).error().code() == Errc::journal_newer);
    }
}

TEST_CASE("a journal that was being made when the power went is made anew") {
    const TempDir scratch;
    write(scratch.path() / "journal.db.new", "half");
    write(scratch.path() / "journal.db.new-journal", "a page or two");
    make_journal(scratch.path(), 1);
    const auto files = files_in(scratch.path());
    CHECK(files.size() == 1);
    CHECK(files.contains("journal.db"));
}

TEST_CASE("a sync that fails changes nothing, and the next write is sound") {
    const TempDir scratch;
    Rotation rotation = planned_rotation(www, "4b9fc92b", "aa");
    {
        auto journal = open_journal(scratch.path());
        rotation = *journal->begin(rotation);
        Rotation next = rotation;
        next.stage = Stage::uploading;
        {
            const watched_sync::Failing disk(EIO);
            const auto refused = journal->record(next, "before the upload");
            REQUIRE(refused.has_error());
            CHECK(refused.error().code() == Errc::journal_unwritable);
            CAPTURE(refused.error().message());
            CHECK(has(refused.error().message(), "journal.db"));
            CHECK(has(refused.error().message(), "disk I/O error"));
            CHECK(journal->open_rotation(www)->value() == rotation);
        }
        CHECK(journal->record(next, "before the upload").has_value());
        rotation = next;
    }
    auto journal = open_journal(scratch.path());
    CHECK(journal->open_rotation(www)->value() == rotation);
    CHECK(journal->history(www, 10)->size() == 2);
}

TEST_CASE("a journal that cannot be made leaves nothing that looks like one") {
    const TempDir scratch;
    {
        const watched_sync::Failing disk(EIO);
        CHECK(open_journal(scratch.path()).error().code() == Errc::journal_unwritable);
    }
    CHECK_FALSE(fs::exists(scratch.path() / "journal.db"));
    CHECK(open_journal(scratch.path()).has_value());
}

// Records until the disk is full, and says how many rotations' lines were taken and why the next was not.
void fill_the_disk(const fs::path& state_dir, const ChildProcess::Say& say) {
    auto journal = open_journal(state_dir);
    if (!journal) return say(journal.error().message());
    auto rotation = journal->begin(planned_rotation(www, "4b9fc92b", "aa"));
    if (!rotation) return say(rotation.error().message());

    const fs::path ballast = state_dir / "ballast";
    write(ballast, std::string(std::size_t{4} << 20U, 'x'));
    Result<void> recorded;
    do {
        rotation->failures += 1;
        recorded = journal->record(*rotation, std::string(3000, 'y'));
    } while (recorded);
    say(std::string(recorded.error().label()));
    say(recorded.error().message());

    const auto kept = journal->open_rotation(www);
    say(kept && (*kept)->failures == rotation->failures - 1 ? "as before" : "changed");
    const auto lines = journal->history(www, 10);
    say(lines && lines->size() == rotation->failures ? "as before" : "changed");
    fs::remove(ballast);
    say(journal->record(*rotation, "there is room again") ? "taken" : "refused");
}

TEST_CASE("a full disk is told as it is, changes nothing, and is over when there is room") {
    const TempDir scratch;
    const ChildProcess child([&](const auto& say) {
        if (!mount_small_file_system(scratch.path(), "1m")) return say("no mount namespace");
        fill_the_disk(scratch.path(), say);
    });
    const auto first = child.hear();
    REQUIRE(first.has_value());
    if (*first == "no mount namespace") {
        MESSAGE("skipped: " << *first);
        return;
    }
    CHECK(*first == "journal_unwritable");
    const std::string message = child.hear().value_or("");
    CAPTURE(message);
    CHECK(has(message, "journal.db"));
    CHECK(has(message, "disk is full"));
    CHECK(child.hear() == "as before");
    CHECK(child.hear() == "as before");
    CHECK(child.hear() == "taken");
}

TEST_CASE("a read-only file system is told as it is") {
    const TempDir scratch;
    const ChildProcess child([&](const auto& say) {
        if (!mount_small_file_system(scratch.path(), "1m")) return say("no mount namespace");
        (void)open_journal(scratch.path());
        if (!remount_read_only(scratch.path())) return say("no remount");
        say(open_journal(scratch.path()).error().message());
        const auto file = open_journal_file(scratch.path() / "journal.db");
        say(std::string(file.error().label()));
        say(file.error().message());
        say(SqliteJournal::open_read_only(scratch.path()) ? "read" : "refused");
    });
    const auto first = child.hear();
    REQUIRE(first.has_value());
    if (*first == "no mount namespace") {
        MESSAGE("skipped: " << *first);
        return;
    }
    CHECK(has(*first, "lock: Read-only file system"));
    CHECK(child.hear() == "journal_unwritable");
    CHECK(has(child.hear().value_or(""), "journal.db"));
    CHECK(child.hear() == "read");
}

}  // namespace
}  // namespace certferry::tests
