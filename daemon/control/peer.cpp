// SPDX-License-Identifier: MIT
#include "control/peer.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace certferry::control {
namespace {

bool may_command(const Access& access, const Peer& peer) {
    if (peer.user == 0 || peer.user == access.daemon_user) return true;
    return access.group &&
           std::find(peer.groups.begin(), peer.groups.end(), *access.group) != peer.groups.end();
}

}  // namespace

Result<void> check_permitted(const Access& access, const Peer& peer, Command command) {
    if (may_command(access, peer) || (access.all_may_ask && traits(command).only_tells)) return {};
    return Error(Errc::not_permitted,
                 fmt::format("user {} may not ask for \"{}\"", peer.user, traits(command).name));
}

}  // namespace certferry::control
