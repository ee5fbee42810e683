// SPDX-License-Identifier: MIT
#include "report/histogram.hpp"

#include <algorithm>

namespace certferry {

Histogram::Histogram(std::vector<Duration> bounds)
    : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {}

void Histogram::observe(Duration duration) {
    const auto bound = std::lower_bound(bounds_.begin(), bounds_.end(), duration);
    ++counts_[static_cast<std::size_t>(bound - bounds_.begin())];
    sum_ += duration;
}

}  // namespace certferry
