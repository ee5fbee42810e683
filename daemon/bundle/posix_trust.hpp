// SPDX-License-Identifier: MIT
#pragma once

#include "base/ids.hpp"
#include "bundle/trust.hpp"
#include "config/model.hpp"

#include <map>

namespace certferry {

/// The roots that each mapping trusts, files read. Errors: config_invalid when a gate.trust file is missing
/// or none of roots.
Result<std::map<MappingName, Trust>> load_trust(const config::Config& config);

}  // namespace certferry
