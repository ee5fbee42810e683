// SPDX-License-Identifier: MIT
#pragma once

#include "base/time.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace certferry {

/// Keeps a line that is always the same from filling the log: it is said at once, and then again after 10 s,
/// 20 s, 40 s … up to 6 hours. Whatever differs is said at once. For one thing that may go wrong.
class Repeats {
public:
    /// `what` happens at `now`: how many times it was left out since it was last said, or nothing when it is
    /// to be left out now.
    std::optional<unsigned> say(std::string_view what, SteadyTime now);

    /// It is over: the next is news.
    void over() { last_.reset(); }

private:
    struct Said {
        std::string what;
        SteadyTime at;
        Duration interval;
        unsigned left_out = 0;
    };
    std::unique_ptr<Said> last_;
};

}  // namespace certferry
