// SPDX-License-Identifier: MIT
#include "simulation/properties/properties.hpp"
#include "simulation/world.hpp"

#include <array>
#include <deque>
#include <map>

#include <fmt/format.h>

namespace certferry::simulation {
namespace {

using namespace std::chrono_literals;

// A busy load balancer is asked again after a few seconds, and after half a minute soon.
struct Bound {
    Duration within;
    std::size_t calls;
};
constexpr std::array bounds = {Bound{1min, 25}, Bound{1h, 400}};

class EffortBounded final : public Property {
public:
    EffortBounded()
        : Property("effort_bounded",
                   "What fails is repeated later and later: no target changes something, or "
                   "tries to, dozens of times a minute or hundreds of times an hour.") {}

    void call_sent(const World& world, const ChangingCall& call) override {
        if (!call.target) return;
        std::deque<SteadyTime>& calls = calls_[*call.target];
        const SteadyTime now = world.timeline.now();
        while (!calls.empty() && calls.front() <= now - bounds.back().within) calls.pop_front();
        calls.push_back(now);
        for (const Bound& bound : bounds)
            if (calls.size() > bound.calls && calls[calls.size() - bound.calls - 1] > now - bound.within)
                broken(fmt::format("{}: more than {} calls in {}", call.target->configured_id.str(),
                                   bound.calls, to_rough_text(bound.within)));
    }

private:
    std::map<TargetKey, std::deque<SteadyTime>> calls_;
};

}  // namespace

std::unique_ptr<Property> effort_bounded() {
    return std::make_unique<EffortBounded>();
}

}  // namespace certferry::simulation
