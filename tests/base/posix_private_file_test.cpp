// SPDX-License-Identifier: MIT
#include "base/posix_private_file.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

constexpr uid_t root = 0;
constexpr uid_t daemon_user = 990;
constexpr uid_t somebody = 1000;

TEST_CASE("a file with secrets is for root or the daemon, and at most its group's to read") {
    for (const mode_t mode : {0400U, 0600U, 0440U, 0640U})
        for (const uid_t owner : {root, daemon_user})
            CHECK_FALSE(exposure(mode, owner, daemon_user).has_value());
    for (const mode_t mode : {0604U, 0602U, 0620U, 0660U, 0644U})
        CHECK_MESSAGE(exposure(mode, daemon_user, daemon_user).has_value(), mode);
    const Exposure foreign = {"it belongs to uid 1000, who is neither root nor the daemon's user (uid 990)",
                              "chown 990"};
    CHECK((exposure(0600, somebody, daemon_user) == foreign));
}

}  // namespace
}  // namespace certferry
