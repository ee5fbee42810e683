// SPDX-License-Identifier: MIT
#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <vector>

namespace certferry {

/// How often durations of each size came, and all of them together.
class Histogram {
public:
    /// `bounds`, ascending: a duration counts for the first bound that it does not exceed.
    explicit Histogram(std::vector<Duration> bounds);

    void observe(Duration duration);

    const std::vector<Duration>& bounds() const { return bounds_; }
    /// One more than there are bounds: the last is for what exceeds all of them. Not cumulative.
    const std::vector<std::uint64_t>& counts() const { return counts_; }
    Duration sum() const { return sum_; }

private:
    std::vector<Duration> bounds_;
    std::vector<std::uint64_t> counts_;
    Duration sum_{};
};

}  // namespace certferry
