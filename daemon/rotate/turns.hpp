// SPDX-License-Identifier: MIT
#pragma once

#include "base/wakeup.hpp"

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace certferry {

/// Lets one coroutine at a time deal with a thing, by name; the others wait in the order in which they came.
/// Targets that want one bundle in one account take turns at uploading it: the first uploads, the next find
/// it.
class Turns {
public:
    explicit Turns(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

    /// The turn; it passes on when it is destroyed. Turns outlives it.
    class Turn {
    public:
        Turn(Turns& turns, std::string name) : turns_(&turns), name_(std::move(name)) {}
        Turn(Turn&& other) noexcept
            : turns_(std::exchange(other.turns_, nullptr)), name_(std::move(other.name_)) {}
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;
        Turn& operator=(Turn&&) = delete;
        ~Turn() {
            if (turns_ != nullptr) turns_->pass_on(name_);
        }

    private:
        Turns* turns_;
        std::string name_;
    };

    Awaitable<Turn> take(std::string name);

private:
    void pass_on(const std::string& name);

    boost::asio::any_io_executor executor_;
    std::map<std::string, std::deque<std::shared_ptr<Wakeup>>> waiting_;  // behind each turn that is taken
};

}  // namespace certferry
