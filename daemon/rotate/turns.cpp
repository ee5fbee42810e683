// SPDX-License-Identifier: MIT
#include "rotate/turns.hpp"

#include <boost/asio/post.hpp>

namespace certferry {

struct Turns::State {
    explicit State(boost::asio::any_io_executor on) : executor(std::move(on)) {}

    void pass_on(const std::string& name) {
        const auto queue = queues.find(name);
        if (queue->second.waiting.empty()) {
            queues.erase(queue);
            return;
        }
        queue->second.waiting.front()->notify();
        queue->second.waiting.pop_front();
    }

    boost::asio::any_io_executor executor;
    std::map<std::string, Queue> queues;
};

Turns::Turns(boost::asio::any_io_executor executor) : state_(std::make_shared<State>(std::move(executor))) {}

Awaitable<Turns::Turn> Turns::take(std::string name) {
    const std::shared_ptr<State> state = state_;
    const auto [queue, free] = state->queues.try_emplace(name);
    if (!free) {
        auto wakeup = std::make_shared<Wakeup>(state->executor);
        queue->second.waiting.push_back(wakeup);
        co_await wakeup->wait();
    }
    co_return Turn(state, std::move(name));
}

// From the loop: one that is cut short destroys its coroutines when nobody can be woken any more.
Turns::Turn::~Turn() {
    const std::shared_ptr<State> state = state_.lock();
    if (!state) return;
    boost::asio::post(state->executor, [weak = state_, name = std::move(name_)] {
        if (const auto still_there = weak.lock()) still_there->pass_on(name);
    });
}

std::optional<CertificateId> Turns::Turn::known() const {
    const std::shared_ptr<State> state = state_.lock();
    return state ? state->queues.at(name_).known : std::nullopt;
}

void Turns::Turn::tell(const CertificateId& id) {
    if (const std::shared_ptr<State> state = state_.lock()) state->queues.at(name_).known = id;
}

}  // namespace certferry
