// SPDX-License-Identifier: MIT
#include "base/message_id.hpp"

#include "support/read_file.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

TEST_CASE("what a failure is about goes before where it happened") {
    const auto waiting = message_id("rotation.waiting", {{"mapping", "www"}, {"reason", "unreachable"}});
    const auto lost = message_id("rotation.waiting", {{"mapping", "www"}, {"reason", "binding_lost"}});
    const auto keyless =
        message_id("rotation.waiting", {{"mapping", "www"}, {"reason", "credentials_missing"}});
    CHECK(waiting == message_id("rotation.waiting", {}));
    CHECK(lost != waiting);
    CHECK(lost == message_id("rotation.held", {{"reason", "binding_lost"}}));
    CHECK(keyless == message_id("credentials.expired", {}));
    CHECK(message_id("bundle.found", {}).empty());
}

TEST_CASE("the manual lists every id that the log has") {
    const std::string manual = tests::read_test_data("../README.md");
    for (const char* event : {"rotation.done", "rotation.waiting", "rotation.held", "rotation.rejected",
                              "certificate.expiring", "config.refused", "credentials.refresh_failed"}) {
        CAPTURE(event);
        const std::string id(message_id(event, {}));
        CHECK(id.size() == 32);
        CHECK(manual.find(id) != std::string::npos);
    }
    CHECK(manual.find(message_id("rotation.waiting", {{"reason", "binding_lost"}})) != std::string::npos);
}

}  // namespace
}  // namespace certferry
