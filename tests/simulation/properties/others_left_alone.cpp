// SPDX-License-Identifier: MIT
#include "simulation/properties/properties.hpp"
#include "simulation/world.hpp"

#include <fmt/format.h>

namespace certferry::simulation {
namespace {

using namespace std::chrono_literals;

// What is bound while a rotation is being mended may be taken for what it lost.
constexpr Duration leeway = 5min;

class OthersLeftAlone final : public Property {
public:
    OthersLeftAlone()
        : Property("others_left_alone",
                   "Where somebody else has bound a certificate of their own, certferry "
                   "leaves it.") {}

    void place_changed(const World& world, const PlaceChange& change) override {
        if (change.by == nullptr) return;
        const Seat& seat = world.accounts.at(change.account).seats.at(change.place);
        if (seat.taken && world.timeline.now() - *seat.taken > leeway)
            broken(fmt::format("{} had {} by somebody else, and now has {}", change.place.listener,
                               change.before.str(), change.after.str()));
    }
};

}  // namespace

std::unique_ptr<Property> others_left_alone() {
    return std::make_unique<OthersLeftAlone>();
}

}  // namespace certferry::simulation
