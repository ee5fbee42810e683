// SPDX-License-Identifier: MIT
#include "base/posix_machine.hpp"

#include <array>
#include <fstream>

#include <grp.h>
#include <sys/timex.h>
#include <unistd.h>

namespace certferry {

std::optional<std::size_t> inotify_watches_max() {
    std::size_t watches = 0;
    if (std::ifstream("/proc/sys/fs/inotify/max_user_watches") >> watches) return watches;
    return std::nullopt;
}

std::optional<bool> clock_synchronised() {
    timex clock{};
    const int state = ::adjtimex(&clock);
    if (state < 0) return std::nullopt;
    return state != TIME_ERROR;
}

std::optional<std::uint32_t> group_named(const char* name) {
    const group* const found = ::getgrnam(name);
    if (found == nullptr) return std::nullopt;
    return found->gr_gid;
}

std::string host_name() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0) return "?";
    return name.data();
}

}  // namespace certferry
