// SPDX-License-Identifier: MIT
#pragma once

#include "base/time.hpp"

#include <cstdint>
#include <random>
#include <vector>

namespace certferry::simulation {

/// Everything that happens by chance in one run, from its seed alone.
class Chance {
public:
    explicit Chance(std::uint64_t seed) : engine_(seed) {}

    /// Over [0, bound).
    std::size_t below(std::size_t bound) { return engine_() % bound; }
    /// Over [least, most].
    std::size_t between(std::size_t least, std::size_t most) { return least + below(most - least + 1); }
    Duration between(Duration least, Duration most) {
        const auto span = static_cast<std::size_t>((most - least).count());
        return least + Duration(static_cast<Duration::rep>(below(span + 1)));
    }
    bool one_in(std::size_t times) { return below(times) == 0; }
    /// With a probability, to a millionth.
    bool happens(double probability) { return static_cast<double>(below(1'000'000)) < probability * 1e6; }

    template <class T>
    const T& one_of(const std::vector<T>& choices) {
        return choices[below(choices.size())];
    }

private:
    std::mt19937_64 engine_;
};

}  // namespace certferry::simulation
