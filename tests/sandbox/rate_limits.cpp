// SPDX-License-Identifier: MIT
#include "rate_limits.hpp"

#include <algorithm>

namespace certferry::sandbox {

bool RateLimits::admit(const std::string& action, unsigned per_second, SteadyTime now) {
    if (per_second == 0) return true;
    constexpr std::int64_t one_call = 1000;
    const std::int64_t capacity = one_call * per_second;
    const auto [entry, is_new] = buckets_.try_emplace(action, Bucket{capacity, now});
    Bucket& bucket = entry->second;
    const std::int64_t elapsed = std::min<std::int64_t>((now - bucket.filled_at).count(), one_call);
    bucket.level = std::min(bucket.level + elapsed * per_second, capacity);
    bucket.filled_at = now;
    if (bucket.level < one_call) {
        ++refused_[action];
        return false;
    }
    bucket.level -= one_call;
    return true;
}

}  // namespace certferry::sandbox
