// SPDX-License-Identifier: MIT
#include "service/cleaning.hpp"

#include "base/expect_no_exception.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/co_spawn.hpp>

namespace certferry {
namespace {

constexpr Duration interval_min = std::chrono::seconds(1);
constexpr Duration interval_max = std::chrono::hours(1);

}  // namespace

Cleaning::Cleaning(boost::asio::any_io_executor executor, const Roster& roster, Clock& clock,
                   const bool& stopping, const std::set<TargetKey>& in_flight)
    : executor_(std::move(executor)),
      roster_(roster),
      clock_(clock),
      stopping_(stopping),
      in_flight_(in_flight),
      wakeup_(executor_) {}

void Cleaning::begin() {
    wakeup_.notify();
    if (!wanted() || std::exchange(begun_, true)) return;
    boost::asio::co_spawn(executor_, clean_up_when_due(), expect_no_exception);
}

bool Cleaning::wanted() const {
    return std::any_of(roster_.all().begin(), roster_.all().end(),
                       [](const auto& charge) { return charge->mapping().cleanup_after.has_value(); });
}

// It is cut off when the daemon stops: what was begun is seen to again.
Awaitable<void> Cleaning::clean_up_when_due() {
    while (!stopping_) {
        const WallTime next = co_await clean_up_all();
        const Duration wait = std::max(next - clock_.now(), interval_min);
        co_await wakeup_.wait_until(clock_, clock_.steady_now() + wait);
    }
}

// When to come again.
Awaitable<WallTime> Cleaning::clean_up_all() {
    WallTime next = clock_.now() + interval_max;
    const Charges all = roster_.all();
    for (const auto& charge : all) {
        for (Pursuit& pursuit : charge->pursuits) {
            if (charge->retired() || in_flight_.contains(pursuit.target().key)) continue;
            const Result<std::optional<WallTime>> cleaned = co_await pursuit.clean_up();
            if (cleaned && *cleaned) next = std::min(next, **cleaned);
        }
    }
    co_return next;
}

}  // namespace certferry
