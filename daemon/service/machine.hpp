// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>

namespace certferry {

/// What the system and the watch tell the doctor.
struct MachineFacts {
    std::optional<std::size_t> watches_max;  // inotify's, of one user; none where the system does not say
    std::size_t watched_directories = 0;     // by this daemon
    std::size_t polled_lineages = 0;         // looked at regularly, for want of a watch
};

}  // namespace certferry
