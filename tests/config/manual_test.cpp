// SPDX-License-Identifier: MIT
#include "config/manual.hpp"

#include "config/keys.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace certferry::config {
namespace {

TEST_CASE("the manual has an entry for every key, in the order of the table") {
    const std::string page = manual();
    std::size_t at = 0;
    for (const Key& key : keys()) {
        if (key.parent().empty() || key.name() == "NAME") continue;
        CAPTURE(key.path);
        const std::string name = key.name().starts_with('"') ? R"(\(dqacme.sh\(dq)" : std::string(key.name());
        at = page.find(fmt::format(".It Ic \"{}\"\n", name), at);
        REQUIRE(at != std::string::npos);
        ++at;
    }
}

TEST_CASE("an entry of the manual says what the value must be, and what it is unless set") {
    CHECK(manual().find("How often every file is looked at, whatever events say.\n"
                        "(a duration longer than zero; default \\(dq5m\\(dq)\n") != std::string::npos);
}

TEST_CASE("each sentence of the manual has a line of its own") {
    CHECK(manual().find("The API's oldCertId: the id that the load balancers use today.\n"
                        "Later ids are remembered; leave it.\n") != std::string::npos);
}

}  // namespace
}  // namespace certferry::config
