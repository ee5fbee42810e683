// SPDX-License-Identifier: MIT
#include "store/posix_state_dir.hpp"

#include "support/child_process.hpp"
#include "support/temp_dir.hpp"

#include <fstream>
#include <string>

#include <doctest/doctest.h>

namespace certferry::tests {
namespace {

namespace fs = std::filesystem;

std::string pid_told_by(const fs::path& directory) {
    std::string pid;
    std::ifstream(directory / "lock") >> pid;
    return pid;
}

TEST_CASE("a missing state directory is made for the daemon alone, but not its parents") {
    const TempDir scratch;
    const fs::path directory = scratch.path() / "certferry";
    const auto held = PosixStateDir::hold(directory);
    REQUIRE_MESSAGE(held.has_value(), held.error().message());
    CHECK(held->path() == directory);
    CHECK((fs::status(directory).permissions() & fs::perms::mask) == fs::perms::owner_all);
    CHECK(pid_told_by(directory) == std::to_string(::getpid()));

    const auto orphan = PosixStateDir::hold(scratch.path() / "no" / "parent");
    REQUIRE(orphan.has_error());
    CHECK(orphan.error().code() == Errc::journal_unwritable);
    CHECK(orphan.error().message() ==
          (scratch.path() / "no/parent").string() + ": No such file or directory");
}

TEST_CASE("a second daemon is told which process holds the directory, until that one is killed") {
    const TempDir scratch;
    ChildProcess other([&](const auto& say) {
        const auto held = PosixStateDir::hold(scratch.path());
        say(held ? "held" : held.error().message());
        ::pause();
    });
    REQUIRE(other.hear() == "held");

    const auto refused = PosixStateDir::hold(scratch.path());
    REQUIRE(refused.has_error());
    CHECK(refused.error().code() == Errc::journal_locked);
    CHECK(refused.error().message() ==
          "another certferryd (pid " + std::to_string(other.pid()) + ") holds " + scratch.path().string());

    other.kill();
    CHECK(PosixStateDir::hold(scratch.path()).has_value());
}

TEST_CASE("a pid that was left behind locks nobody out") {
    const TempDir scratch;
    std::ofstream(scratch.path() / "lock") << "1\nand more\n";
    const auto held = PosixStateDir::hold(scratch.path());
    CHECK(held.has_value());
    CHECK(pid_told_by(scratch.path()) == std::to_string(::getpid()));
}

TEST_CASE("the same process cannot hold it twice, and can when the first is gone") {
    const TempDir scratch;
    {
        const auto first = PosixStateDir::hold(scratch.path());
        CHECK(first.has_value());
        CHECK(PosixStateDir::hold(scratch.path()).error().code() == Errc::journal_locked);
    }
    CHECK(PosixStateDir::hold(scratch.path()).has_value());
}

TEST_CASE("a state directory that others can write is refused with the command that mends it") {
    const TempDir scratch;
    for (const fs::perms others : {fs::perms::group_write, fs::perms::others_write}) {
        fs::permissions(scratch.path(), fs::perms::owner_all | others);
        const auto refused = PosixStateDir::hold(scratch.path());
        REQUIRE(refused.has_error());
        CHECK(refused.error().code() == Errc::config_invalid);
        CHECK(refused.error().remedy() == "run: chmod go-w " + scratch.path().string());
    }
    fs::permissions(scratch.path(), fs::perms::owner_all | fs::perms::others_read);
    CHECK(PosixStateDir::hold(scratch.path()).has_value());
}

TEST_CASE("a file where the state directory should be is refused") {
    const TempDir scratch;
    std::ofstream(scratch.path() / "file") << "text";
    const auto refused = PosixStateDir::hold(scratch.path() / "file");
    REQUIRE(refused.has_error());
    CHECK(refused.error().message().ends_with("Not a directory"));
}

}  // namespace
}  // namespace certferry::tests
