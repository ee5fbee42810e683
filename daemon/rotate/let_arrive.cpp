// SPDX-License-Identifier: MIT
#include "rotate/let_arrive.hpp"

#include <algorithm>

namespace certferry {
namespace {

using namespace std::chrono_literals;

constexpr auto stop_noticed_within = 1s;
constexpr auto grace = 1s;

}  // namespace

SteadyTime latest_arrival(const RotationPorts& ports, const Target& target, const Rotation& rotation) {
    // The journal was last written at, or after, the moment of sending.
    const Duration since_sent = std::max(ports.clock.now() - rotation.changed, Duration::zero());
    const Duration left = target.answer_timeout + grace - since_sent;
    return ports.clock.steady_now() + std::max(left, Duration::zero());
}

Awaitable<void> let_arrive(RotationPorts& ports, SteadyTime latest) {
    while (!ports.stopping && ports.clock.steady_now() < latest)
        co_await ports.clock.sleep_until(std::min(latest, ports.clock.steady_now() + stop_noticed_within));
}

}  // namespace certferry
