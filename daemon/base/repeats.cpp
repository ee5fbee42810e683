// SPDX-License-Identifier: MIT
#include "base/repeats.hpp"

#include <algorithm>
#include <utility>

namespace certferry {
namespace {

constexpr Duration first_interval = std::chrono::seconds(10);
constexpr Duration longest_interval = std::chrono::hours(6);

}  // namespace

std::optional<unsigned> Repeats::say(std::string_view what, SteadyTime now) {
    if (!last_ || last_->what != what) {
        last_ = std::make_unique<Said>(Said{std::string(what), now, first_interval});
        return 0;
    }
    if (now - last_->at < last_->interval) {
        ++last_->left_out;
        return std::nullopt;
    }
    last_->at = now;
    last_->interval = std::min(2 * last_->interval, longest_interval);
    return std::exchange(last_->left_out, 0);
}

}  // namespace certferry
