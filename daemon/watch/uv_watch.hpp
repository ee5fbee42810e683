// SPDX-License-Identifier: MIT
#pragma once

#include "base/log.hpp"
#include "base/time.hpp"
#include "watch/watch.hpp"

#include <cstdint>
#include <memory>

#include <boost/asio/any_io_executor.hpp>

namespace certferry {

/// What the metrics tell of the watch.
struct WatchHealth {
    std::size_t directories = 0;      // watched; one that several lineages share counts once
    std::size_t polled_lineages = 0;  // hinted at regularly, for want of a watch
    std::uint64_t wakeups = 0;        // since the start; none while nothing changes
    std::uint64_t overflows = 0;      // since the start: so many events that some were lost
};

/// The watch on inotify, through libuv. A directory is watched once, however many lineages lie in it. Every
/// event there is a hint for those who follow its name, whatever happened: libuv neither tells when a file
/// was closed nor when events were lost (reference: style §4.4, U3 to U7).
///
/// follow() is to be called again after each look at a lineage, with its steps of that moment. It arms
/// what is new before it drops what is old, arms again a directory that was removed, renamed or replaced, and
/// hints again for what it armed: a change may have come between the look and the arming.
///
/// Where a directory cannot be watched (no inotify watches or instances left, no permission), its lineages
/// are hinted at every `poll_interval`, until a later follow() succeeds; the log says `watch.polling` and
/// `watch.restored`.
///
/// Destroy it before the io_context of its executor, and after or before the coroutines that wait in next():
/// those get an empty set. `log` outlives it. All on the thread of the io_context.
class UvWatch final : public Watch {
public:
    UvWatch(boost::asio::any_io_executor executor, Log& log,
            Duration poll_interval = std::chrono::seconds(5));
    UvWatch(const UvWatch&) = delete;
    UvWatch& operator=(const UvWatch&) = delete;
    ~UvWatch() override;

    void follow(LineageIndex lineage, const std::vector<Step>& steps) override;
    Awaitable<std::set<LineageIndex>> next() override;

    WatchHealth health() const;

private:
    class Directories;
    std::shared_ptr<Directories> directories_;
};

}  // namespace certferry
