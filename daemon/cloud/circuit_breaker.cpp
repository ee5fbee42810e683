// SPDX-License-Identifier: MIT
#include "cloud/circuit_breaker.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace certferry {

bool CircuitBreaker::lets_through() {
    if (!down()) return true;
    const SteadyTime now = clock_.steady_now();
    if (now < next_probe_) return false;
    interval_ = std::min(interval_ * 2, interval_max);
    next_probe_ = now + interval_;
    return true;
}

bool CircuitBreaker::unanswered(const Error& why) {
    why_ = why.message();
    if (unanswered_ == 0) since_ = clock_.now();
    if (++unanswered_ != unanswered_max) return false;
    interval_ = interval_initial;
    next_probe_ = clock_.steady_now() + interval_;
    return true;
}

Error CircuitBreaker::refusal() const {
    const WallTime next = clock_.now() + (next_probe_ - clock_.steady_now());
    return {Errc::unreachable, fmt::format("the API has not answered since {} ({}); it is tried next at {}",
                                           to_utc(since_), why_, to_utc(next))};
}

}  // namespace certferry
