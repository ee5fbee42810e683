// SPDX-License-Identifier: MIT
#include "simulation/properties/properties.hpp"
#include "simulation/world.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace certferry::simulation {
namespace {

class DoneIsProven final : public Property {
public:
    DoneIsProven()
        : Property("done_is_proven",
                   "\"done\" means proven: since it was accepted, each binding of the old id "
                   "that was to move has been seen on the new one.") {}

    void committed(const World& world, const Commit& commit) override {
        if (!commit.rotation) return;
        const Rotation& rotation = *commit.rotation;
        if (rotation.stage == Stage::replacing || rotation.stage == Stage::accepted)
            accepted_[rotation.target] = world.timeline.now();
        if (commit.what == "done") check(world, rotation, commit.detail.starts_with("settled"));
    }

private:
    // Of what a newer bundle follows, some must have moved; of anything else, all.
    void check(const World& world, const Rotation& rotation, bool settled) const {
        const Account& account = world.accounts.at(rotation.target.account);
        const SteadyTime since = accepted_.at(rotation.target);
        std::size_t moved = 0;
        for (const Binding& binding : rotation.bindings) {
            const auto seat = account.seats.find(binding.place);
            const bool gone = seat == account.seats.end();
            const bool there = !gone && seat->second.had(*rotation.new_id, since);
            moved += there ? 1 : 0;
            if (!gone && !there && !settled)
                broken(fmt::format("{} is done, and {} never had {}", rotation.number, binding.place.listener,
                                   rotation.new_id->str()));
        }
        const bool nothing_there =
            std::none_of(account.seats.begin(), account.seats.end(),
                         [&](const auto& entry) { return entry.second.had(*rotation.new_id, since); });
        if (moved == 0 && nothing_there)
            broken(fmt::format("{} is done, and nothing has {}", rotation.number, rotation.new_id->str()));
    }

    std::map<TargetKey, SteadyTime> accepted_;
};

}  // namespace

std::unique_ptr<Property> done_is_proven() {
    return std::make_unique<DoneIsProven>();
}

}  // namespace certferry::simulation
