// SPDX-License-Identifier: MIT
#pragma once

#include "store/journal.hpp"

#include <functional>
#include <optional>

#include <boost/json/object.hpp>

namespace certferry {

/// The mapping that a target is of; none where no mapping has it any more.
using FindMapping = std::function<std::optional<MappingName>(const TargetKey&)>;

/// The rotations that were last written about, newest first, for machines: each with its steps, and how many
/// seconds each step took; its "version" is 1. Of targets that a mapping has. Errors: those of the journal.
Result<boost::json::object> recent_json(Journal& journal, const FindMapping& mapping_of, WallTime now);

}  // namespace certferry
