// SPDX-License-Identifier: MIT
#include "config/problem.hpp"

#include <doctest/doctest.h>

namespace certferry::config {
namespace {

Problem problem_at(unsigned column, std::string line) {
    return {"certferry.toml", 7, column, std::move(line), "wrong", "do it right"};
}

TEST_CASE("a problem shows its place, its line and the way out") {
    CHECK(format(problem_at(3, "  rescan = 5")) ==
          "certferry.toml:7:3: wrong\n"
          "    7 |   rescan = 5\n"
          "      |   ^\n"
          "        do it right\n");
    CHECK(format({"certferry.toml", 0, 0, "", "not there", ""}) == "certferry.toml: not there\n");
}

TEST_CASE("what is in a file does not reach the terminal as commands") {
    const std::string text = format(problem_at(2, "\tname = \"\x1b[2J\x7f\""));
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find("    7 |  name = \" [2J \"\n      |  ^\n") != std::string::npos);
}

TEST_CASE("a line that may hold a secret is not repeated") {
    for (const char* line : {"secret_key = \"hunter2\"", "SecretKey=\"hunter2\"", "token = 'hunter2'",
                             "lb = \"https://me:hunter2@host\"", "\"secret hunter2\""})
        CHECK_MESSAGE(format(problem_at(1, line)).find("hunter2") == std::string::npos, line);
    CHECK(format(problem_at(1, "secret_key = \"hunter2\"")).find("    7 | secret_key = ***\n") !=
          std::string::npos);
}

TEST_CASE("problems come in the order of the files and of their lines") {
    Report report;
    const auto first = report.add_file("z.toml", "one\ntwo\r\n");
    const auto second = report.add_file("a.toml", "three");
    report.add({second, 1, 1}, "c");
    report.add({first, 2, 4}, "b");
    report.add({first, 2, 1}, "a");

    const std::vector<Problem> problems = report.sorted();
    REQUIRE(problems.size() == 3);
    CHECK(problems[0] == Problem{"z.toml", 2, 1, "two", "a", ""});
    CHECK(problems[1] == Problem{"z.toml", 2, 4, "two", "b", ""});
    CHECK(problems[2] == Problem{"a.toml", 1, 1, "three", "c", ""});
}

}  // namespace
}  // namespace certferry::config
