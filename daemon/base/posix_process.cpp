// SPDX-License-Identifier: MIT
#include "base/posix_process.hpp"

#include <csignal>

#include <sys/prctl.h>

namespace certferry {

void harden_process() {
    ::prctl(PR_SET_DUMPABLE, 0);
    std::signal(SIGPIPE, SIG_IGN);
}

}  // namespace certferry
