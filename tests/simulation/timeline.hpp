// SPDX-License-Identifier: MIT
#pragma once

#include "base/time.hpp"

#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace certferry::simulation {

/// What happens outside of the daemon, and goes on when it dies: requests that arrive, load balancers at
/// work, ACME clients, people. Of things at one moment, what was planned first happens first.
class Timeline {
public:
    SteadyTime now() const { return now_; }
    void at(SteadyTime moment, std::function<void()> happening) {
        planned_.emplace(std::max(moment, now_), std::move(happening));
    }
    void in(Duration delay, std::function<void()> happening) { at(now_ + delay, std::move(happening)); }

    std::optional<SteadyTime> next() const {
        return planned_.empty() ? std::nullopt : std::optional(planned_.begin()->first);
    }

    /// Moves on to `moment`, which is not later than next().
    void advance(SteadyTime moment) { now_ = moment; }
    /// Lets happen what is planned for now.
    void happen() {
        while (!planned_.empty() && planned_.begin()->first <= now_) {
            const std::function<void()> happening = std::move(planned_.begin()->second);
            planned_.erase(planned_.begin());
            happening();
        }
    }

private:
    SteadyTime now_{};
    std::multimap<SteadyTime, std::function<void()>> planned_;
};

}  // namespace certferry::simulation
