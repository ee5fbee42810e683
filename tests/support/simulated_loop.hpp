// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"

#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/io_context.hpp>

namespace certferry::tests {

/// A loop and a clock that stands still until nothing else is left to do, and then jumps to the next moment
/// that somebody sleeps for. Years pass in milliseconds, and the same start gives the same course.
class SimulatedLoop final : public Clock {
public:
    explicit SimulatedLoop(WallTime start, SteadyTime steady = {}) : wall_(start), steady_(steady) {}

    boost::asio::any_io_executor executor() { return loop_.get_executor(); }

    WallTime now() const override { return wall_; }
    SteadyTime steady_now() const override { return steady_; }
    Awaitable<void> sleep_until(SteadyTime deadline) override;

    /// Starts a coroutine beside whatever else runs.
    void spawn(Awaitable<void> work);

    /// Runs everything that can run without time passing.
    void settle();

    /// Lets time pass, with all that happens in it.
    void pass(Duration duration);

    /// The next moment that somebody sleeps for; nothing when nobody does.
    std::optional<SteadyTime> next_wake() const;

    /// Moves on to `moment`, not later than next_wake(), and runs nothing: for who has more to move on.
    void move_to(SteadyTime moment);

    /// Sets the wall clock without time passing.
    void set_wall(WallTime time) { wall_ = time; }

    /// Runs `work` to its end, time passing as needed. Throws when it waits for something that never comes.
    template <class T>
    T run(Awaitable<T> work);

private:
    // A channel rather than a timer: with a timer the context asks the kernel each time that it settles.
    using Alarm = boost::asio::experimental::channel<void(boost::system::error_code)>;

    bool advance_to_next_sleeper(SteadyTime limit);

    boost::asio::io_context loop_{1};
    WallTime wall_;
    SteadyTime steady_;
    std::multimap<SteadyTime, std::shared_ptr<Alarm>> sleepers_;
};

template <class T>
T SimulatedLoop::run(Awaitable<T> work) {
    std::optional<T> result;
    std::exception_ptr thrown;
    bool ended = false;
    boost::asio::co_spawn(loop_, std::move(work), [&](const std::exception_ptr& failure, T value) {
        thrown = failure;
        if (!failure) result.emplace(std::move(value));
        ended = true;
    });
    settle();
    while (!ended) {
        if (!advance_to_next_sleeper(SteadyTime::max())) throw std::logic_error("waits for what never comes");
        settle();
    }
    if (thrown) std::rethrow_exception(thrown);
    return std::move(*result);
}

}  // namespace certferry::tests
