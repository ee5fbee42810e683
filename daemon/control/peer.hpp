// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "control/command.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace certferry::control {

/// Who is at the other end of a connection, as the kernel says.
struct Peer {
    std::uint32_t user = 0;
    std::vector<std::uint32_t> groups;  // the primary one and all others
};

/// Who may do what.
struct Access {
    std::uint32_t daemon_user = 0;
    std::optional<std::uint32_t> group;  // of those who may command; none where the system has no such group
    bool all_may_ask = false;
};

/// The group whose members may command.
inline constexpr const char* commanding_group = "certferry";

/// Whether a peer may give a command: root, the daemon's own user and the members of the group may give all;
/// everyone else those that only tell, where that is configured. Errors: not_permitted.
Result<void> check_permitted(const Access& access, const Peer& peer, Command command);

}  // namespace certferry::control
