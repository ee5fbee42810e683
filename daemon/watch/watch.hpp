// SPDX-License-Identifier: MIT
#pragma once

#include "base/async.hpp"

#include <cstddef>
#include <filesystem>
#include <set>
#include <vector>

namespace certferry {

/// Names a lineage to the watch; the caller chooses it.
using LineageIndex = std::size_t;

/// Port: something changed on disk. A hint is never a fact: events get lost (a full inotify queue, a network
/// file system), so whoever waits here also looks by itself from time to time.
class Watch {
public:
    virtual ~Watch() = default;

    /// Watches every directory of `directories` for `lineage`, in place of what it watched for it before. A
    /// directory that does not exist is skipped: its parents are in the list too. Where the system has no
    /// watches left, the lineage is hinted at regularly instead.
    virtual void follow(LineageIndex lineage, const std::vector<std::filesystem::path>& directories) = 0;

    /// Waits until something changed, and gives every lineage that it may concern. Gives none when the
    /// awaiting coroutine is cancelled; never throws for that.
    virtual Awaitable<std::set<LineageIndex>> next() = 0;
};

}  // namespace certferry
