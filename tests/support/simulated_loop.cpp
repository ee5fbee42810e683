// SPDX-License-Identifier: MIT
#include "support/simulated_loop.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace certferry::tests {

namespace asio = boost::asio;

Awaitable<void> SimulatedLoop::sleep_until(SteadyTime deadline) {
    if (deadline <= steady_) co_return;
    auto alarm = std::make_shared<Alarm>(loop_, 1);
    sleepers_.emplace(deadline, alarm);
    co_await alarm->async_receive(asio::as_tuple(asio::use_awaitable));
    // Woken by time, the sleeper is out of the list already; woken by cancellation, it takes itself out.
    std::erase_if(sleepers_, [&](const auto& sleeper) { return sleeper.second == alarm; });
}

void SimulatedLoop::spawn(Awaitable<void> work) {
    asio::co_spawn(loop_, std::move(work), [](const std::exception_ptr& thrown) {
        if (thrown) std::rethrow_exception(thrown);
    });
}

void SimulatedLoop::settle() {
    loop_.restart();
    loop_.poll();
}

void SimulatedLoop::pass(Duration duration) {
    const SteadyTime end = steady_ + duration;
    settle();
    while (advance_to_next_sleeper(end)) settle();
    move_to(end);
    settle();
}

std::optional<SteadyTime> SimulatedLoop::next_wake() const {
    return sleepers_.empty() ? std::nullopt : std::optional(sleepers_.begin()->first);
}

void SimulatedLoop::move_to(SteadyTime moment) {
    wall_ += moment - steady_;
    steady_ = moment;
}

bool SimulatedLoop::advance_to_next_sleeper(SteadyTime limit) {
    if (sleepers_.empty() || sleepers_.begin()->first > limit) return false;
    const auto [moment, alarm] = *sleepers_.begin();
    sleepers_.erase(sleepers_.begin());
    move_to(moment);
    static_cast<void>(alarm->try_send(boost::system::error_code{}));
    return true;
}

}  // namespace certferry::tests
