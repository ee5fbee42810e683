// SPDX-License-Identifier: MIT
#include "base/posix_process.hpp"

#include <csignal>

#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace certferry {

void harden_process() {
    ::prctl(PR_SET_DUMPABLE, 0);
    constexpr rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    std::signal(SIGPIPE, SIG_IGN);
}

void give_back_memory() {
    ::malloc_trim(0);
}

}  // namespace certferry
