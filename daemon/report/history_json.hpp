// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "base/slices.hpp"
#include "config/model.hpp"
#include "store/journal.hpp"

#include <optional>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

namespace certferry {

/// The succession and the steps of every attempt, of each target of all mappings or of `only` one, for
/// machines; its "version" is 1. Of the steps the last thousand, and whether older ones are left out. Errors:
/// those of the journal.
Result<boost::json::object> history_json(Journal& journal, const config::Config& config,
                                         const std::optional<MappingName>& only, WallTime now);

/// Its text, in pieces that are made in slices of time: each of ten thousand targets may have years to tell.
Awaitable<Result<std::vector<std::string>>> history_text(Journal& journal, const config::Config& config,
                                                         std::optional<MappingName> only, WallTime now,
                                                         Slices& slices);

}  // namespace certferry
