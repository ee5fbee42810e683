// SPDX-License-Identifier: MIT
#include "simulation/properties/properties.hpp"
#include "simulation/world.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace certferry::simulation {
namespace {

bool has_place(const BindingSet& bindings, const Place& place) {
    return std::any_of(bindings.begin(), bindings.end(),
                       [&](const Binding& binding) { return binding.place == place; });
}

bool intended(const ChangingCall& call, const Rotation& rotation) {
    const bool on_its_way = rotation.stage == Stage::replacing || rotation.going_back();
    switch (call.kind) {
        case CallKind::upload:
            return rotation.stage == Stage::uploading &&
                   rotation.bundle.fingerprint == call.contents->certificate.fingerprint;
        case CallKind::replace:
            if (!on_its_way || rotation.from() != call.old_id || rotation.bindings.empty()) return false;
            return call.contents ? rotation.bundle.fingerprint == call.contents->certificate.fingerprint
                                 : rotation.to() == call.new_id;
        case CallKind::bind:
            // As long as the new id is not known, the old one comes back.
            return on_its_way && rotation.to().value_or(rotation.from()) == call.new_id &&
                   has_place(rotation.bindings, call.binding->place);
        default:
            return true;
    }
}

class IntentFirst final : public Property {
public:
    IntentFirst()
        : Property("intent_first",
                   "Every call that changes something in the cloud is preceded by a durable "
                   "intent in the journal, a replacement's with the bindings that it moves.") {}

    void call_sent(const World&, const ChangingCall& call) override {
        if (call.kind == CallKind::mute || call.kind == CallKind::remove) return;
        if (!call.rotation || !intended(call, *call.rotation))
            broken(fmt::format("the journal knows nothing of it: the rotation is {}",
                               call.rotation ? to_text(call.rotation->stage) : "not there"));
    }
};

}  // namespace

std::unique_ptr<Property> intent_first() {
    return std::make_unique<IntentFirst>();
}

}  // namespace certferry::simulation
