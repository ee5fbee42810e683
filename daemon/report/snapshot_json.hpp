// SPDX-License-Identifier: MIT
#pragma once

#include "report/snapshot.hpp"

#include <boost/json/object.hpp>

namespace certferry {

/// The snapshot for machines: "version" is 1; "daemon" is null where none was asked; "targets" has one object
/// for each target, with what is known of its mapping. Members whose value is not known are left out.
boost::json::object to_json(const Snapshot& snapshot);

}  // namespace certferry
