// SPDX-License-Identifier: MIT
#include "simulation/properties/properties.hpp"
#include "simulation/world.hpp"

#include <set>

namespace certferry::simulation {
namespace {

bool of_a_rotation(CallKind kind) {
    return kind == CallKind::upload || kind == CallKind::replace || kind == CallKind::bind;
}

class SingleFlight final : public Property {
public:
    SingleFlight() : Property("single_flight", "At most one rotation of a target is in flight.") {}

    void daemon_started(const World&) override { under_way_.clear(); }

    void call_sent(const World&, const ChangingCall& call) override {
        if (!of_a_rotation(call.kind)) return;
        if (!call.target || !under_way_.insert(*call.target).second)
            broken("a second call changes something, when the first has not ended");
    }

    void call_ended(const World&, const CallEnd& end) override {
        if (of_a_rotation(end.call.kind)) under_way_.erase(*end.call.target);
    }

private:
    std::set<TargetKey> under_way_;
};

}  // namespace

std::unique_ptr<Property> single_flight() {
    return std::make_unique<SingleFlight>();
}

}  // namespace certferry::simulation
