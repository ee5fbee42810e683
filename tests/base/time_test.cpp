// SPDX-License-Identifier: MIT
#include "base/time.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace std::chrono_literals;

TEST_CASE("a duration is a whole number and a unit") {
    CHECK(parse_duration("250ms") == 250ms);
    CHECK(parse_duration("30s") == 30s);
    CHECK(parse_duration("5m") == 5min);
    CHECK(parse_duration("36h") == 36h);
    CHECK(parse_duration("14d") == 14 * 24h);
    CHECK(parse_duration("0s") == 0s);

    for (const char* bad : {"", "5", "s", "-5s", "5 s", "1.5s", "5sec", "4000d", "99999999999999999999s"})
        CHECK_FALSE(parse_duration(bad).has_value());
}

TEST_CASE("a duration's text parses back to it") {
    for (const Duration duration :
         {Duration(0ms), Duration(1ms), Duration(1500ms), Duration(90s), Duration(24h)})
        CHECK(parse_duration(to_text(duration)) == duration);
    CHECK(to_text(90s) == "90s");
    CHECK(to_text(48h) == "2d");
}

TEST_CASE("a rough duration shows its two largest units") {
    CHECK(to_rough_text(850ms) == "850ms");
    CHECK(to_rough_text(12min + 5s) == "12m 5s");
    CHECK(to_rough_text(3 * 24h + 4h + 59min) == "3d 4h");
    CHECK(to_rough_text(2h) == "2h");
    CHECK(to_rough_text(1s + 200ms) == "1s");
}

TEST_CASE("times are shown in UTC") {
    const WallTime time{std::chrono::seconds(1700000000)};
    CHECK(to_utc(time) == "2023-11-14T22:13:20Z");
    CHECK(to_utc_day(time) == "2023-11-14");
    CHECK(to_utc(WallTime(std::chrono::seconds(253402300799))) == "9999-12-31T23:59:59Z");
    CHECK(to_utc_day(WallTime(std::chrono::seconds(-30195495869))) == "1013-02-22");
}

}  // namespace
}  // namespace certferry
