// SPDX-License-Identifier: MIT
#include "base/exit_codes.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

TEST_CASE("one exit code for several") {
    CHECK(exit_code_of_all({}) == 0);
    CHECK(exit_code_of_all({0, 0}) == 0);
    CHECK(exit_code_of_all({exit_gate, exit_gate}) == exit_gate);
    CHECK(exit_code_of_all({exit_gate, exit_rejected}) == exit_failure);
    CHECK(exit_code_of_all({exit_gate, exit_failure, exit_gate}) == exit_failure);
    CHECK(exit_code_of_all({0, exit_gate}) == exit_partly_failed);
    CHECK(exit_code_of_all({exit_gate, exit_rejected, 0}) == exit_partly_failed);
}

}  // namespace
}  // namespace certferry
