// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"

#include <memory>

#include <boost/asio/any_io_executor.hpp>

namespace certferry {

/// Lets one coroutine sleep until it is needed. A notify() with nobody waiting is kept for the next wait.
class Wakeup {
public:
    explicit Wakeup(const boost::asio::any_io_executor& executor);
    ~Wakeup();
    Wakeup(Wakeup&&) noexcept;
    Wakeup& operator=(Wakeup&&) = delete;
    Wakeup(const Wakeup&) = delete;
    Wakeup& operator=(const Wakeup&) = delete;

    void notify();
    /// What was notified so far is no reason to wake any more.
    void forget();
    Awaitable<void> wait();
    /// Until notified or `deadline`, whichever comes first.
    Awaitable<void> wait_until(Clock& clock, SteadyTime deadline);

private:
    struct Channel;
    Channel& channel();

    boost::asio::any_io_executor executor_;
    std::unique_ptr<Channel> channel_;  // made when it is needed: most of ten thousand never are
};

}  // namespace certferry
