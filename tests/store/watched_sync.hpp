// SPDX-License-Identifier: MIT
#pragma once

/// The test program's own fdatasync, which SQLite calls in place of the system's.
namespace certferry::tests::watched_sync {

/// How often it was called.
int count();

/// While one of these lives, a sync fails with this errno.
class Failing {
public:
    explicit Failing(int system_error);
    Failing(const Failing&) = delete;
    Failing& operator=(const Failing&) = delete;
    ~Failing();
};

/// While one of these lives, a sync returns at once, having done nothing.
class Skipped {
public:
    Skipped();
    Skipped(const Skipped&) = delete;
    Skipped& operator=(const Skipped&) = delete;
    ~Skipped();
};

}  // namespace certferry::tests::watched_sync
