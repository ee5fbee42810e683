// SPDX-License-Identifier: MIT
#include "store/watched_sync.hpp"

#include <cerrno>

#include <sys/syscall.h>
#include <unistd.h>

namespace certferry::tests::watched_sync {
namespace {

int calls = 0;
int failure = 0;
bool skipped = false;

}  // namespace

int count() {
    return calls;
}

Failing::Failing(int system_error) {
    failure = system_error;
}
Failing::~Failing() {
    failure = 0;
}

Skipped::Skipped() {
    skipped = true;
}
Skipped::~Skipped() {
    skipped = false;
}

}  // namespace certferry::tests::watched_sync

extern "C" int fdatasync(int descriptor) {
    namespace watched = certferry::tests::watched_sync;
    ++watched::calls;
    if (watched::failure != 0) {
        errno = watched::failure;
        return -1;
    }
    return watched::skipped ? 0 : static_cast<int>(::syscall(SYS_fdatasync, descriptor));
}
