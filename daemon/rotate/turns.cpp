// SPDX-License-Identifier: MIT
#include "rotate/turns.hpp"

namespace certferry {

Awaitable<Turns::Turn> Turns::take(std::string name) {
    const auto [queue, free] = waiting_->try_emplace(name);
    if (!free) {
        auto wakeup = std::make_shared<Wakeup>(executor_);
        queue->second.push_back(wakeup);
        co_await wakeup->wait();
    }
    co_return Turn(waiting_, std::move(name));
}

Turns::Turn::~Turn() {
    const std::shared_ptr<Waiting> waiting = waiting_.lock();
    if (!waiting) return;
    const auto queue = waiting->find(name_);
    if (queue->second.empty()) {
        waiting->erase(queue);
        return;
    }
    queue->second.front()->notify();
    queue->second.pop_front();
}

}  // namespace certferry
