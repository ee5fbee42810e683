// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "config/model.hpp"
#include "store/journal.hpp"

#include <optional>

#include <boost/json/object.hpp>

namespace certferry {

/// The succession and every step of every attempt, of each target of all mappings or of `only` one, for
/// machines; its "version" is 1. Errors: those of the journal.
Result<boost::json::object> history_json(Journal& journal, const config::Config& config,
                                         const std::optional<MappingName>& only, WallTime now);

}  // namespace certferry
