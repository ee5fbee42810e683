// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>

#include <boost/asio/io_context.hpp>

namespace certferry::tests {

/// Runs the loop until `reached`; false when that does not come within a time that no machine needs.
template <class Predicate>
bool run_until(boost::asio::io_context& io, Predicate reached) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!reached()) {
        io.restart();
        if (io.run_one_until(deadline) == 0 && !reached()) return false;
    }
    return true;
}

/// Runs what is ready now and what follows from it; false when that has no end.
inline bool run_ready(boost::asio::io_context& io) {
    io.restart();
    for (int handlers = 0; handlers < 100'000; ++handlers)
        if (io.poll_one() == 0) return true;
    return false;
}

}  // namespace certferry::tests
