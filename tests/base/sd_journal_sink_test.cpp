// SPDX-License-Identifier: MIT
#include "base/sd_journal_sink.hpp"

#include "support/datagram_socket.hpp"

#include <cstdlib>
#include <string>

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

TEST_CASE("an entry is one datagram, and no value can begin another field") {
    tests::DatagramSocket journald;
    SdJournalSink sink(journald.name());
    sink.set_pattern("%v");
    const std::string entry = packed_entry({"MESSAGE=held", "PRIORITY=3", "DETAIL=two\nlines=1"});
    sink.log(spdlog::details::log_msg("certferry", spdlog::level::err, entry));
    CHECK(journald.received() ==
          std::string("MESSAGE=held\nPRIORITY=3\nDETAIL\n\x0b\0\0\0\0\0\0\0two\nlines=1\n", 51));
    CHECK(sink.refused() == 0);
}

TEST_CASE("what no journal takes is counted") {
    SdJournalSink sink("/nonexistent/socket");
    sink.log(spdlog::details::log_msg("certferry", spdlog::level::err, packed_entry({"MESSAGE=held"})));
    CHECK(sink.refused() == 1);
}

}  // namespace
}  // namespace certferry
