// SPDX-License-Identifier: MIT
#pragma once

#include "config/model.hpp"

#include <boost/json/object.hpp>

namespace certferry::config {

/// The configuration in force as JSON: the tables, keys and values that render() writes.
boost::json::object to_json(const Config& config);

}  // namespace certferry::config
