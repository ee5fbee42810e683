// SPDX-License-Identifier: MIT
#include "rotate/turns.hpp"

namespace certferry {

Awaitable<Turns::Turn> Turns::take(std::string name) {
    const auto [queue, free] = waiting_->try_emplace(name);
    if (!free) {
        auto wakeup = std::make_shared<Wakeup>(executor_);
        queue->second.waiting.push_back(wakeup);
        co_await wakeup->wait();
    }
    co_return Turn(waiting_, std::move(name));
}

Turns::Turn::~Turn() {
    const std::shared_ptr<Waiting> waiting = waiting_.lock();
    if (!waiting) return;
    const auto queue = waiting->find(name_);
    if (queue->second.waiting.empty()) {
        waiting->erase(queue);
        return;
    }
    queue->second.waiting.front()->notify();
    queue->second.waiting.pop_front();
}

std::optional<CertificateId> Turns::Turn::known() const {
    const std::shared_ptr<Waiting> waiting = waiting_.lock();
    return waiting ? waiting->at(name_).known : std::nullopt;
}

void Turns::Turn::tell(const CertificateId& id) {
    if (const std::shared_ptr<Waiting> waiting = waiting_.lock()) waiting->at(name_).known = id;
}

}  // namespace certferry
