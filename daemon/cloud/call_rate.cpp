// SPDX-License-Identifier: MIT
#include "cloud/call_rate.hpp"

#include <algorithm>
#include <cmath>

namespace certferry {
namespace {

using namespace std::chrono_literals;

/// What an answer adds, as a part of the configured rate. So small that a server with half that rate refuses
/// less than one call in a hundred; a rate that was halved for nothing is back after 500 answers.
constexpr double raise = 0.001;
/// After a refusal: a server that counts by the second has begun a new one.
constexpr Duration rest = 1s;

Duration spacing(double per_second) {
    return Duration(static_cast<Duration::rep>(std::ceil(1000 / per_second)));
}

}  // namespace

void CallRate::take(SteadyTime now) {
    next_ = now + spacing(per_second_);
}

void CallRate::answered() {
    per_second_ = std::min(configured_, per_second_ + raise * configured_);
}

void CallRate::throttled(SteadyTime taken, SteadyTime now) {
    if (taken <= slowed_) return;
    slowed_ = now;
    per_second_ = std::max(per_second_ / 2, slowest);
    next_ = now + std::max(rest, spacing(per_second_));
}

}  // namespace certferry
