// SPDX-License-Identifier: MIT
#include "base/sd_journal_sink.hpp"

#include <cstdlib>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace certferry {
namespace {

TEST_CASE("standard error is the journal's only where the stream that systemd names is that very one") {
    struct stat status {};
    REQUIRE(::fstat(STDERR_FILENO, &status) == 0);
    ::unsetenv("JOURNAL_STREAM");
    CHECK_FALSE(stderr_is_journal());
    ::setenv("JOURNAL_STREAM", fmt::format("{}:{}", status.st_dev, status.st_ino + 1).c_str(), 1);
    CHECK_FALSE(stderr_is_journal());
    ::setenv("JOURNAL_STREAM", fmt::format("{}:{}", status.st_dev, status.st_ino).c_str(), 1);
    CHECK(stderr_is_journal());
    ::unsetenv("JOURNAL_STREAM");
}

}  // namespace
}  // namespace certferry
