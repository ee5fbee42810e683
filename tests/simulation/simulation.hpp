// SPDX-License-Identifier: MIT
#pragma once

#include "simulation/certificates.hpp"
#include "simulation/weather.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace certferry::simulation {

/// Which property did not hold, and how that was seen.
struct Failure {
    std::string property;
    std::string promise;
    std::string how;
};

/// What came of one seed.
struct Outcome {
    std::uint64_t seed = 0;
    std::optional<Failure> failure;
    std::uint64_t rotations = 0;  // that were done
    std::uint64_t crashes = 0;
    Duration passed{};                    // of virtual time
    std::optional<Duration> convergence;  // of a run in which faults stop: how long it took from there
    FaultCounts faults{};
    std::vector<std::string> story;
};

struct Options {
    std::string property;  // check this one alone; all where it is empty
    bool story = false;    // write it down
};

/// Runs one seed: even ones have faults to their end, in odd ones they stop at a random moment, and every
/// target has a bounded time from there on. The same seed gives the same run.
Outcome simulate(std::uint64_t seed, const Certificates& certificates, const Options& options);

}  // namespace certferry::simulation
