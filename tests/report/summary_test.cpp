// SPDX-License-Identifier: MIT
#include "report/summary.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

TEST_CASE("a summary counts what stands alike, and says when the next attempt is") {
    Summary summary;
    CHECK(to_text(summary) == "0 mappings");
    summary.add(MappingStanding::deployed);
    CHECK(to_text(summary) == "1 mapping: 1 deployed");
    summary.add(MappingStanding::waiting);
    summary.add(MappingStanding::deployed);
    summary.add(MappingStanding::on_hold);
    summary.next_attempt = std::chrono::sys_days{std::chrono::year{2026} / 11 / 24};
    CHECK(to_text(summary) == "4 mappings: 2 deployed, 1 waiting until 2026-11-24T00:00:00Z, 1 on hold");
    summary.reload_refused = true;
    CHECK(to_text(summary).ends_with("1 on hold; the last reload was refused"));
}

}  // namespace
}  // namespace certferry
