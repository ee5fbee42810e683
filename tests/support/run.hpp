// SPDX-License-Identifier: MIT
#pragma once

#include "base/async.hpp"

#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace certferry::tests {

/// Runs `work` on `loop` to its end and gives what it gives. Throws when it does not end: at once when
/// nothing is left that could wake it, after a minute otherwise.
template <class T>
T run(boost::asio::io_context& loop, Awaitable<T> work) {
    std::exception_ptr failure;
    std::optional<T> result;
    boost::asio::co_spawn(loop, std::move(work), [&](std::exception_ptr thrown, T value) {
        failure = thrown;
        result = std::move(value);
        loop.stop();
    });
    loop.restart();
    loop.run_for(std::chrono::minutes(1));
    if (failure) std::rethrow_exception(failure);
    if (!result) throw std::runtime_error("the coroutine hangs");
    return std::move(*result);
}

/// The same on a loop of its own, for work that waits for nothing outside.
template <class T>
T run(Awaitable<T> work) {
    boost::asio::io_context loop;
    return run(loop, std::move(work));
}

}  // namespace certferry::tests
