// SPDX-License-Identifier: MIT
#include "watch/settle.hpp"

#include <algorithm>

namespace certferry {

void Settle::hint(SteadyTime now) {
    if (!changes_) changes_ = Changes{now, now};
    changes_->last = now;
}

std::optional<SteadyTime> Settle::due() const {
    if (!changes_) return std::nullopt;
    return std::min(changes_->last + times_.min, changes_->first + times_.max);
}

}  // namespace certferry
