// SPDX-License-Identifier: MIT
#pragma once

#include "base/time.hpp"

#include <map>
#include <string>

namespace certferry::sandbox {

/// So many calls of each action a second, as many of them at once as a second brings.
class RateLimits {
public:
    /// Whether the call may be served. `per_second` 0: every call.
    bool admit(const std::string& action, unsigned per_second, SteadyTime now);

    /// How many calls of each action were not.
    const std::map<std::string, unsigned>& refused() const { return refused_; }

private:
    /// Counted in thousandths of a call, so that a millisecond brings a whole number of them.
    struct Bucket {
        std::int64_t level = 0;
        SteadyTime filled_at;
    };

    std::map<std::string, Bucket> buckets_;
    std::map<std::string, unsigned> refused_;
};

}  // namespace certferry::sandbox
