// SPDX-License-Identifier: MIT
#include "simulation/properties/properties.hpp"
#include "simulation/world.hpp"

#include <deque>
#include <map>

#include <fmt/format.h>

namespace certferry::simulation {
namespace {

using namespace std::chrono_literals;

// A busy load balancer is asked again after a few seconds, and after half a minute soon.
constexpr std::size_t calls_a_minute = 25;

class EffortBounded final : public Property {
public:
    EffortBounded()
        : Property("effort_bounded",
                   "What fails is repeated later and later: no target changes something, or "
                   "tries to, dozens of times a minute.") {}

    void call_sent(const World& world, const ChangingCall& call) override {
        if (!call.target) return;
        std::deque<SteadyTime>& calls = calls_[*call.target];
        const SteadyTime now = world.timeline.now();
        while (!calls.empty() && calls.front() <= now - 1min) calls.pop_front();
        calls.push_back(now);
        if (calls.size() > calls_a_minute)
            broken(fmt::format("{}: {} calls in a minute", call.target->configured_id.str(), calls.size()));
    }

private:
    std::map<TargetKey, std::deque<SteadyTime>> calls_;
};

}  // namespace

std::unique_ptr<Property> effort_bounded() {
    return std::make_unique<EffortBounded>();
}

}  // namespace certferry::simulation
