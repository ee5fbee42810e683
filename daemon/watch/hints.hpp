// SPDX-License-Identifier: MIT
#pragma once

#include "watch/watch.hpp"

#include <memory>
#include <set>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/experimental/channel.hpp>

namespace certferry {

/// The hints that nobody has taken yet, once for each lineage, and the wake-up of who waits for one. Waiting
/// needs no timer.
class Hints {
public:
    explicit Hints(const boost::asio::any_io_executor& executor) : wake_(executor, 1) {}

    /// Never runs the waiting coroutine from inside.
    void add(LineageIndex lineage);
    void add(const std::set<LineageIndex>& lineages);
    /// Nothing more will come: ends the waiting.
    void close() { wake_.close(); }

    /// Waits for a hint and takes all there are. Nothing when the awaiting coroutine is cancelled, or after
    /// close(). It shares ownership, so a waiting coroutine may outlive who gives the hints.
    static Awaitable<std::set<LineageIndex>> take(std::shared_ptr<Hints> hints);

private:
    std::set<LineageIndex> untaken_;
    boost::asio::experimental::channel<void(boost::system::error_code)> wake_;
};

}  // namespace certferry
