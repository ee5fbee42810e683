// SPDX-License-Identifier: MIT
#include "rotate/turns.hpp"

namespace certferry {

Awaitable<Turns::Turn> Turns::take(std::string name) {
    const auto [queue, free] = waiting_.try_emplace(name);
    if (!free) {
        auto wakeup = std::make_shared<Wakeup>(executor_);
        queue->second.push_back(wakeup);
        co_await wakeup->wait();
    }
    co_return Turn(*this, std::move(name));
}

void Turns::pass_on(const std::string& name) {
    const auto queue = waiting_.find(name);
    if (queue->second.empty()) {
        waiting_.erase(queue);
        return;
    }
    queue->second.front()->notify();
    queue->second.pop_front();
}

}  // namespace certferry
