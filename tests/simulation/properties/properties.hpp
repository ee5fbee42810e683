// SPDX-License-Identifier: MIT
#pragma once

#include "simulation/property.hpp"

#include <memory>

/// One function for each promise: in the file of its name.
namespace certferry::simulation {

std::unique_ptr<Property> gate_passed();
std::unique_ptr<Property> intent_first();
std::unique_ptr<Property> single_flight();
std::unique_ptr<Property> succession_grows();
std::unique_ptr<Property> read_back_first();
std::unique_ptr<Property> done_is_proven();
std::unique_ptr<Property> never_earlier();
std::unique_ptr<Property> uploaded_once();
std::unique_ptr<Property> removes_its_own();
std::unique_ptr<Property> others_left_alone();
std::unique_ptr<Property> keys_stay_secret();
std::unique_ptr<Property> rate_kept();
std::unique_ptr<Property> soonest_first();
std::unique_ptr<Property> effort_bounded();
std::unique_ptr<Property> converges();
std::unique_ptr<Property> trouble_stays_alone();

}  // namespace certferry::simulation
