// SPDX-License-Identifier: MIT
#include "cloud/api_time.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

TEST_CASE("the Date header is read") {
    const auto date = parse_http_date("Tue, 24 Nov 2026 10:15:32 GMT");
    REQUIRE(date);
    CHECK(to_utc(*date) == "2026-11-24T10:15:32Z");
}

TEST_CASE("a certificate's time is China's") {
    const auto time = parse_china_time("2026-11-24 08:00:00");
    REQUIRE(time);
    CHECK(to_utc(*time) == "2026-11-24T00:00:00Z");
}

TEST_CASE("what is no time is none") {
    for (const std::string text : {"", "yesterday", "2026-02-31 00:00:00", "2026-11-24",
                                   "2026-11-24 08:00:00Z", "Tue, 24 Nov 2026", "0000-00-00 00:00:00"}) {
        CAPTURE(text);
        CHECK(!parse_china_time(text));
        CHECK(!parse_http_date(text));
    }
}

}  // namespace
}  // namespace certferry
