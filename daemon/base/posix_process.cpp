// SPDX-License-Identifier: MIT
#include "base/posix_process.hpp"

#include <csignal>

#include <sys/prctl.h>
#include <sys/resource.h>

namespace certferry {

void harden_process() {
    ::prctl(PR_SET_DUMPABLE, 0);
    constexpr rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace certferry
