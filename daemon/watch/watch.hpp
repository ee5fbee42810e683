// SPDX-License-Identifier: MIT
#pragma once

#include "base/async.hpp"

#include <compare>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace certferry {

/// Names a lineage to the watch; the caller chooses it.
using LineageIndex = std::size_t;

/// A name that is looked up in a directory on the way to a file; `any_name` for each that may come.
struct Step {
    std::string directory;
    std::string name;

    friend auto operator<=>(const Step&, const Step&) = default;
};

inline constexpr std::string_view any_name = "*";

/// Port: something changed on disk. A hint is never a fact: events get lost (a full inotify queue, a network
/// file system), so whoever waits here also looks by itself from time to time.
class Watch {
public:
    virtual ~Watch() = default;

    /// Watches every step of `steps`, which are sorted, for `lineage`, in place of what it watched for it
    /// before. A directory that does not exist is skipped: its parents are in the list too. Where the system
    /// has no watches left, the lineage is hinted at regularly instead.
    virtual void follow(LineageIndex lineage, const std::vector<Step>& steps) = 0;

    /// Waits until something changed, and gives every lineage that it may concern. Gives none when the
    /// awaiting coroutine is cancelled; never throws for that.
    virtual Awaitable<std::set<LineageIndex>> next() = 0;
};

}  // namespace certferry
