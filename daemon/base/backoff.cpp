// SPDX-License-Identifier: MIT
#include "base/backoff.hpp"

#include <algorithm>
#include <cmath>

namespace certferry {

Duration backoff_delay(const Backoff& backoff, unsigned failures, double chance) {
    const double grown = static_cast<double>(backoff.initial.count()) *
                         std::pow(backoff.multiplier, static_cast<double>(std::max(failures, 1U) - 1));
    const double ceiling = std::min(grown, static_cast<double>(backoff.max.count()));
    return Duration(static_cast<Duration::rep>(ceiling * chance));
}

}  // namespace certferry
