// SPDX-License-Identifier: MIT
#pragma once

#include "config/model.hpp"
#include "store/journal.hpp"

#include <boost/json/object.hpp>

namespace certferry {

/// The rotations that were last written about, newest first, for machines: each with its steps, and how many
/// seconds each step took; its "version" is 1. Of targets that the configuration has. Errors: those of the
/// journal.
Result<boost::json::object> recent_json(Journal& journal, const config::Config& config, WallTime now);

}  // namespace certferry
