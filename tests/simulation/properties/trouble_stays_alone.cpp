// SPDX-License-Identifier: MIT
#include "simulation/convergence.hpp"
#include "simulation/properties/properties.hpp"
#include "simulation/world.hpp"

namespace certferry::simulation {
namespace {

class TroubleStaysAlone final : public Property {
public:
    TroubleStaysAlone()
        : Property("trouble_stays_alone",
                   "One target's failure delays no other target: all others converge "
                   "when one account never answers again.") {}

    void came_to_rest(const World& world) override {
        if (!world.lost_cause) return;
        if (const auto missing = missing_to_converge(world)) broken(*missing);
    }
};

}  // namespace

std::unique_ptr<Property> trouble_stays_alone() {
    return std::make_unique<TroubleStaysAlone>();
}

}  // namespace certferry::simulation
