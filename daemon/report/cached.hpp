// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/wakeup.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace certferry {

/// Something that takes time to make: made when somebody asks, once for all who ask meanwhile, and kept for a
/// while. What took longer is kept longer, so that however many ask, making it takes no more than a tenth of
/// the loop's time. A failure is not kept.
template <class Value>
class Cached {
public:
    using Shared = std::shared_ptr<const Value>;
    using Make = std::function<Awaitable<Result<Value>>()>;

    static constexpr Duration kept_min = std::chrono::milliseconds(500);
    static constexpr int kept_factor = 10;

    Cached(boost::asio::any_io_executor executor, const Clock& clock, Make make)
        : executor_(std::move(executor)), clock_(clock), make_(std::move(make)) {}

    Awaitable<Result<Shared>> get() {
        while (making_) co_await made();
        if (value_ && clock_.steady_now() < kept_until_) co_return value_;
        making_ = true;
        const SteadyTime began = clock_.steady_now();
        Result<Value> fresh = co_await make_();
        const SteadyTime ended = clock_.steady_now();
        making_ = false;
        value_.reset();
        if (fresh) value_ = std::make_shared<const Value>(std::move(*fresh));
        kept_until_ = ended + std::max(kept_min, (ended - began) * kept_factor);
        for (const auto& waiter : std::exchange(waiters_, {})) waiter->notify();
        if (!fresh) co_return fresh.error();
        co_return value_;
    }

private:
    Awaitable<void> made() {
        const auto waiter = std::make_shared<Wakeup>(executor_);
        waiters_.push_back(waiter);
        co_await waiter->wait();
    }

    boost::asio::any_io_executor executor_;
    const Clock& clock_;
    Make make_;
    Shared value_;
    SteadyTime kept_until_;
    bool making_ = false;
    std::vector<std::shared_ptr<Wakeup>> waiters_;
};

}  // namespace certferry
