// SPDX-License-Identifier: MIT
#include "simulation/properties/properties.hpp"
#include "simulation/world.hpp"

#include <fmt/format.h>

namespace certferry::simulation {
namespace {

class SoonestFirst final : public Property {
public:
    SoonestFirst()
        : Property("soonest_first",
                   "Under rate limits, the target whose served certificate expires first goes "
                   "first.") {}

    void exchange_begun(const World&, const Exchange& exchange) override {
        if (exchange.passed_over)
            broken(fmt::format("{} goes before one whose certificate expires at {}, and its own at {}",
                               exchange.action, to_utc(*exchange.passed_over),
                               to_utc(exchange.served_until)));
    }
};

}  // namespace

std::unique_ptr<Property> soonest_first() {
    return std::make_unique<SoonestFirst>();
}

}  // namespace certferry::simulation
