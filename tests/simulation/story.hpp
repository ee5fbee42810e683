// SPDX-License-Identifier: MIT
#pragma once

#include "simulation/certificates.hpp"
#include "simulation/timeline.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace certferry::simulation {

/// What happened in one run, a line each, for people. Runs that nobody reads are not written down.
class Story {
public:
    Story(const Timeline& timeline, const Certificates& certificates, bool written)
        : timeline_(timeline), certificates_(certificates), written_(written) {}

    /// "day 12 03:04:05.120  www      replace old00001 -> main0003: the answer is lost"
    template <class... Arguments>
    void tell(std::string_view who, fmt::format_string<Arguments...> words, Arguments&&... arguments) {
        if (written_) add(who, fmt::format(words, std::forward<Arguments>(arguments)...));
    }
    bool written() const { return written_; }
    const std::vector<std::string>& lines() const { return lines_; }

private:
    void add(std::string_view who, std::string words);

    const Timeline& timeline_;
    const Certificates& certificates_;
    bool written_;
    std::vector<std::string> lines_;
};

}  // namespace certferry::simulation
