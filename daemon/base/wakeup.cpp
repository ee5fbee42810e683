// SPDX-License-Identifier: MIT
#include "base/wakeup.hpp"

#include <list>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/channel.hpp>

namespace certferry {

namespace asio = boost::asio;

namespace {

/// One signal is kept beside the queue, which stays empty: a list takes no memory for that, and the deque
/// that a channel has otherwise takes half a kilobyte.
struct ShortChannel : asio::experimental::channel_traits<void(boost::system::error_code)> {
    template <class...>
    struct rebind {
        using other = ShortChannel;
    };
    template <class Signal>
    struct container {
        using type = std::list<Signal>;
    };
};

}  // namespace

struct Wakeup::Channel {
    explicit Channel(const asio::any_io_executor& executor) : signals(executor, 1) {}
    asio::experimental::basic_channel<asio::any_io_executor, ShortChannel, void(boost::system::error_code)>
        signals;
};

Wakeup::Wakeup(const asio::any_io_executor& executor) : executor_(executor) {}
Wakeup::~Wakeup() = default;
Wakeup::Wakeup(Wakeup&&) noexcept = default;

// A full channel already holds a signal that nobody has taken: one is as good as two.
void Wakeup::notify() {
    static_cast<void>(channel().signals.try_send(boost::system::error_code{}));
}

void Wakeup::forget() {
    channel().signals.try_receive([](boost::system::error_code) {});
}

Awaitable<void> Wakeup::wait() {
    co_await channel().signals.async_receive(asio::as_tuple(asio::deferred));
}

Wakeup::Channel& Wakeup::channel() {
    if (!channel_) channel_ = std::make_unique<Channel>(executor_);
    return *channel_;
}

Awaitable<void> Wakeup::wait_until(Clock& clock, SteadyTime deadline) {
    using namespace asio::experimental::awaitable_operators;
    co_await (wait() || clock.sleep_until(deadline));
}

}  // namespace certferry
