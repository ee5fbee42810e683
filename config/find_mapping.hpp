// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "config/model.hpp"

namespace certferry::config {

/// The mapping of that name; never null. Errors: config_invalid, which says what was meant.
Result<const Mapping*> find_mapping(const Config& config, const MappingName& name);

}  // namespace certferry::config
