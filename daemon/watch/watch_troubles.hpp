// SPDX-License-Identifier: MIT
#pragma once

#include "base/log.hpp"
#include "base/time.hpp"

#include <filesystem>
#include <map>

namespace certferry {

/// The directories that cannot be watched, and so are polled; says in the log when that begins and when it is
/// over. A limit of the system concerns every directory alike and is said once, not for each.
class WatchTroubles {
public:
    /// `poll_interval` is for people to read. `log` outlives this.
    WatchTroubles(Log& log, Duration poll_interval) : log_(log), poll_interval_(poll_interval) {}

    /// `directory` could not be watched; `error` as in errno.
    void met(const std::filesystem::path& directory, int error);
    /// `directory` is watched, or nobody asks for it any more.
    void over(const std::filesystem::path& directory);

    bool concern(const std::filesystem::path& directory) const { return errors_.contains(directory); }
    bool empty() const { return errors_.empty(); }

private:
    bool said_for_another(int error) const;

    Log& log_;
    Duration poll_interval_;
    std::map<std::filesystem::path, int> errors_;
};

}  // namespace certferry
