// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <limits>
#include <random>

namespace certferry {

/// Port: chance, for jitter and nonces. Never for keys. Seeded in tests and in the simulation.
class Random {
public:
    virtual ~Random() = default;

    /// Evenly over [0, 1).
    virtual double uniform() = 0;
    /// Evenly over [1, 2^31).
    virtual std::uint32_t nonce() = 0;
};

/// The standard library's generator behind the port: same seed, same sequence.
class SeededRandom final : public Random {
public:
    explicit SeededRandom(std::uint64_t seed) : engine_(seed) {}

    double uniform() override { return std::uniform_real_distribution<double>(0, 1)(engine_); }
    std::uint32_t nonce() override {
        return std::uniform_int_distribution<std::uint32_t>(
            1, std::numeric_limits<std::int32_t>::max())(engine_);
    }

private:
    std::mt19937_64 engine_;
};

}  // namespace certferry
