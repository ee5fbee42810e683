// SPDX-License-Identifier: MIT
#include "simulation/property.hpp"

#include "simulation/properties/properties.hpp"

#include <array>

namespace certferry::simulation {

std::vector<std::unique_ptr<Property>> make_properties(std::string_view only) {
    constexpr std::array makers = {gate_passed,     intent_first,      single_flight,    succession_grows,
                                   read_back_first, done_is_proven,    never_earlier,    uploaded_once,
                                   removes_its_own, others_left_alone, keys_stay_secret, rate_kept,
                                   soonest_first,   effort_bounded,    converges,        trouble_stays_alone};
    std::vector<std::unique_ptr<Property>> properties;
    for (const auto& make : makers)
        if (auto property = make(); only.empty() || property->name() == only)
            properties.push_back(std::move(property));
    return properties;
}

}  // namespace certferry::simulation
