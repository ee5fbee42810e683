// SPDX-License-Identifier: MIT
#include "simulation/convergence.hpp"
#include "simulation/properties/properties.hpp"
#include "simulation/world.hpp"

namespace certferry::simulation {
namespace {

class Converges final : public Property {
public:
    Converges()
        : Property("converges",
                   "Once faults stop, every target converges to the newest acceptable bundle of "
                   "its lineage within the bound, also when every file event is lost.") {}

    void came_to_rest(const World& world) override {
        if (world.lost_cause) return;
        if (const auto missing = missing_to_converge(world)) broken(*missing);
    }
};

}  // namespace

std::unique_ptr<Property> converges() {
    return std::make_unique<Converges>();
}

}  // namespace certferry::simulation
