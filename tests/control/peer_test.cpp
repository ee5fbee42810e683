// SPDX-License-Identifier: MIT
#include "control/peer.hpp"

#include <doctest/doctest.h>

namespace certferry::control {
namespace {

constexpr std::uint32_t daemon_user = 990;
constexpr std::uint32_t group = 991;

Access access(bool all_may_ask = false) {
    Access access;
    access.daemon_user = daemon_user;
    access.group = group;
    access.all_may_ask = all_may_ask;
    return access;
}

Peer peer(std::uint32_t user, std::vector<std::uint32_t> groups = {100}) {
    Peer peer;
    peer.user = user;
    peer.groups = std::move(groups);
    return peer;
}

TEST_CASE("root, the daemon's user and members of the group may command") {
    for (const CommandTraits& row : commands()) {
        CHECK(check_permitted(access(), peer(0), row.command).has_value());
        CHECK(check_permitted(access(), peer(daemon_user), row.command).has_value());
        CHECK(check_permitted(access(), peer(1000, {100, group}), row.command).has_value());
    }
}

TEST_CASE("others may nothing, or ask where that is configured") {
    for (const CommandTraits& row : commands()) {
        CAPTURE(row.name);
        const auto plainly = check_permitted(access(), peer(1000), row.command);
        REQUIRE_FALSE(plainly.has_value());
        CHECK(plainly.error().code() == Errc::not_permitted);
        CHECK(check_permitted(access(true), peer(1000), row.command).has_value() == row.only_tells);
    }
}

TEST_CASE("a system without the group has no members of it") {
    Access without = access();
    without.group.reset();
    CHECK_FALSE(check_permitted(without, peer(1000, {group}), Command::rotate).has_value());
}

}  // namespace
}  // namespace certferry::control
