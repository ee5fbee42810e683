// SPDX-License-Identifier: MIT
#include "store/sqlite_journal.hpp"

#include "contract/journal_contract.hpp"
#include "store/sqlite_journal_file.hpp"
#include "store/watched_sync.hpp"
#include "support/child_process.hpp"
#include "support/run_in_child.hpp"
#include "support/temp_dir.hpp"

#include <algorithm>

#include <doctest/doctest.h>

namespace certferry::tests {
namespace {

namespace fs = std::filesystem;

const TargetKey www{AccountName("default"), CertificateId("4b9fc92b")};

Result<SqliteJournal> open_journal(const fs::path& state_dir) {
    auto held = PosixStateDir::hold(state_dir);
    if (!held) return held.error();
    return SqliteJournal::open(*std::move(held));
}

std::string pragma(const SqliteDatabase& database, const std::string& name) {
    return database.first("PRAGMA " + name, {}, read_text)->value_or("");
}

std::vector<std::string> names_in(const fs::path& directory) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(directory)) names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
}

TEST_CASE("the SQLite journal keeps the journal's contract") {
    const TempDir scratch;
    check_journal_contract([&] {
        auto journal = open_journal(scratch.path());
        REQUIRE_MESSAGE(journal.has_value(), journal.error().message());
        return std::make_unique<SqliteJournal>(*std::move(journal));
    });
}

TEST_CASE("the settings that durability rests on are in force") {
    const TempDir scratch;
    const fs::path file = scratch.path() / "journal.db";
    for (const char* const opened : {"as it is made", "when it is there"}) {
        CAPTURE(opened);
        const auto database = open_journal_file(file);
        REQUIRE(database.has_value());
        CHECK(pragma(*database, "journal_mode") == "wal");
        CHECK(pragma(*database, "synchronous") == "2");
        CHECK(pragma(*database, "foreign_keys") == "1");
        CHECK(pragma(*database, "user_version") == "4");
    }
    CHECK((fs::status(file).permissions() & fs::perms::mask) ==
          (fs::perms::owner_read | fs::perms::owner_write));
    CHECK_MESSAGE(names_in(scratch.path()) == std::vector<std::string>{"journal.db"},
                  "an orderly end leaves one file");
}

TEST_CASE("whatever writes is synced before it returns") {
    const TempDir scratch;
    auto journal = open_journal(scratch.path());
    REQUIRE(journal.has_value());
    Rotation rotation = planned_rotation(www, "4b9fc92b", "aa");

    const auto synced = [](auto&& write) {
        const int before = watched_sync::count();
        REQUIRE(write().has_value());
        return watched_sync::count() > before;
    };
    CHECK_FALSE_MESSAGE(synced([&] { return journal->succession(www, rotation.began); }),
                        "thousands of new targets are read at a start");
    CHECK(synced([&] {
        auto begun = journal->begin(rotation);
        if (begun) rotation = *begun;
        return begun;
    }));
    CHECK(synced([&] { return journal->learn_head(www, rotation.bundle); }));
    rotation.new_id = CertificateId("e2b6d555");
    CHECK(synced([&] { return journal->record(rotation, "uploaded"); }));
    CHECK(synced([&] { return journal->conclude(rotation, "proven"); }));
}

// Rotates www for ever, and says the number of each rotation that the journal has taken.
void rotate_for_ever(const fs::path& state_dir, const ChildProcess::Say& say) {
    auto journal = open_journal(state_dir);
    while (journal) {
        const auto succession = journal->succession(www, WallTime());
        if (!succession) return;
        const std::string bundle = std::to_string(succession->entries.size());
        auto rotation =
            journal->begin(planned_rotation(www, succession->head().id.str().c_str(), bundle.c_str()));
        if (!rotation) return;
        say("began " + bundle);
        rotation->new_id = CertificateId("id-" + bundle);
        if (!journal->conclude(*rotation, "")) return;
        say("done " + bundle);
    }
}

TEST_CASE("a daemon that is killed has forgotten nothing that it was told is written") {
    for (int lines = 1; lines <= 12; ++lines) {
        const TempDir scratch;
        std::size_t began = 0;
        std::size_t done = 0;
        {
            ChildProcess daemon([&](const auto& say) { rotate_for_ever(scratch.path(), say); });
            for (int heard = 0; heard < lines; ++heard) {
                const auto line = daemon.hear();
                REQUIRE(line.has_value());
                (line->starts_with("began") ? began : done) += 1;
            }
            daemon.kill();
        }
        auto journal = open_journal(scratch.path());
        REQUIRE_MESSAGE(journal.has_value(), journal.error().message());
        const auto succession = journal->succession(www, WallTime());
        const auto rotations = journal->rotations(www, 1000);
        CHECK(succession->entries.size() >= 1 + done);
        CHECK(rotations->size() >= began);
        const bool open = journal->open_rotation(www)->has_value();
        CHECK_MESSAGE(rotations->size() == succession->entries.size() - (open ? 0 : 1),
                      "a rotation is done if and only if the succession has grown by it");
    }
}

TEST_CASE("a command reads beside the daemon, and leaves no trace") {
    const TempDir scratch;
    std::optional<SqliteJournal> journal = *open_journal(scratch.path());
    REQUIRE(journal->begin(planned_rotation(www, "4b9fc92b", "aa")).has_value());

    SUBCASE("while it runs") {}
    SUBCASE("after it has ended") {
        journal.reset();
    }
    const auto before = names_in(scratch.path());
    {
        auto reading = SqliteJournal::open_read_only(scratch.path());
        REQUIRE_MESSAGE(reading.has_value(), reading.error().message());
        CHECK(reading->history(www, 10)->size() == 1);
        CHECK(reading->rotations(www, 5)->size() == 1);
        const TargetKey unknown{AccountName("x"), CertificateId("y")};
        CHECK(reading->succession(unknown, WallTime())->head().id == CertificateId("y"));
        CHECK(reading->learn_head(www, {}).error().code() == Errc::journal_unwritable);
        if (journal) CHECK(journal->learn_head(www, {}).has_value());
    }
    CHECK(names_in(scratch.path()) == before);
}

TEST_CASE("a command reads what a killed daemon left") {
    const TempDir scratch;
    ChildProcess daemon([&](const auto& say) { rotate_for_ever(scratch.path(), say); });
    for (int heard = 0; heard < 4; ++heard) REQUIRE(daemon.hear().has_value());
    daemon.kill();
    const auto before = names_in(scratch.path());
    {
        auto reading = SqliteJournal::open_read_only(scratch.path());
        REQUIRE_MESSAGE(reading.has_value(), reading.error().message());
        CHECK(reading->succession(www, WallTime())->entries.size() >= 3);
    }
    CHECK_MESSAGE(names_in(scratch.path()) == before, "the log is still there for the next daemon");
}

TEST_CASE("reading where there is no journal makes none") {
    const TempDir scratch;
    const auto reading = SqliteJournal::open_read_only(scratch.path());
    REQUIRE_FALSE(reading.has_value());
    CHECK(reading.error().code() == Errc::file_missing);
    CHECK(describe(reading.error()) ==
          "no journal in " + scratch.path().string() + ". Has certferryd run with this configuration?");
    CHECK(names_in(scratch.path()).empty());
}

TEST_CASE("a journal that another user keeps is read as that user") {
    const TempDir scratch;
    REQUIRE(open_journal(scratch.path()).has_value());
    fs::permissions(scratch.path() / "journal.db", fs::perms::none);
    const std::string told = run_in_child([&] {
        constexpr uid_t nobody = 65534;
        if (::geteuid() == 0) {
            fs::permissions(scratch.path(), fs::perms(0755));
            if (::seteuid(nobody) != 0) return std::string("seteuid failed");
        }
        const auto reading = SqliteJournal::open_read_only(scratch.path());
        return reading ? "read" : describe(reading.error());
    });
    CHECK(told == (scratch.path() / "journal.db").string() +
                      ": Permission denied. Ask as root or as the daemon's user");
}

TEST_CASE("ten years of weekly rotations fit in a small file") {
    const TempDir scratch;
    const watched_sync::Skipped fast;
    {
        auto journal = open_journal(scratch.path());
        REQUIRE(journal.has_value());
        std::string head = "4b9fc92b";
        for (int week = 0; week < 520; ++week) {
            auto rotation = journal->begin(planned_rotation(www, head.c_str(), std::to_string(week).c_str()));
            REQUIRE(rotation.has_value());
            head = "id-" + std::to_string(week);
            rotation->new_id = CertificateId(head);
            for (const Stage stage :
                 {Stage::uploading, Stage::uploaded, Stage::replacing, Stage::accepted, Stage::verifying}) {
                rotation->stage = stage;
                REQUIRE(
                    journal->record(*rotation, "RequestId 3c2b0a7e-1111-2222-3333-444455556666").has_value());
            }
            REQUIRE(journal->conclude(*rotation, "2 bindings, 1 endpoint").has_value());
        }
        CHECK(journal->history(www, 10000)->size() == 520 * 7);
    }
    MESSAGE("520 rotations: " << fs::file_size(scratch.path() / "journal.db") / 1024 << " KiB");
}

}  // namespace
}  // namespace certferry::tests
