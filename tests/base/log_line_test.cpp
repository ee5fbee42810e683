// SPDX-License-Identifier: MIT
#include "base/log_line.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

TEST_CASE("a line of text quotes what would be taken for something else, and leaves out what is empty") {
    CHECK(text_line("rotation.done", {{"mapping", "www"}, {"reason", ""}, {"detail", "a \"b\"\nc"}}) ==
          R"(rotation.done mapping=www detail="a \"b\"\x0ac")");
}

TEST_CASE("the members of a JSON line begin with the event") {
    CHECK(json_members("rotation.done", {{"mapping", "www"}, {"detail", "a \"b\""}}) ==
          R"("event":"rotation.done","mapping":"www","detail":"a \"b\"")");
}

TEST_CASE("an entry of the journal has a field for each thing that is told") {
    CHECK(journal_entry(LogLevel::info, "bundle.found",
                        {{"mapping", "www"}, {"valid_until", "soon"}, {"reason", ""}}) ==
          std::vector<std::string>{"MESSAGE=bundle.found mapping=www valid_until=soon", "PRIORITY=6",
                                   "SYSLOG_IDENTIFIER=certferryd", "CERTFERRY_EVENT=bundle.found",
                                   "CERTFERRY_MAPPING=www", "CERTFERRY_VALID_UNTIL=soon"});
}

TEST_CASE("a value with a line break is one field of the journal") {
    const auto entry = journal_entry(LogLevel::error, "config.refused", {{"detail", "one\ntwo"}});
    CHECK(entry.back() == "CERTFERRY_DETAIL=one\ntwo");
    CHECK(entry[1] == "PRIORITY=3");
    CHECK(entry[4] == "MESSAGE_ID=3a904de4ee88494d9825f02788dd7ad6");
}

TEST_CASE("a NUL in what others say ends no field of the journal") {
    const auto entry =
        journal_entry(LogLevel::error, "rotation.waiting", {{"detail", std::string("it said \0 no", 12)}});
    CHECK(entry.back() == R"(CERTFERRY_DETAIL=it said \x00 no)");
    CHECK(entry.front() == R"(MESSAGE=rotation.waiting detail="it said \x00 no")");
}

}  // namespace
}  // namespace certferry
