// SPDX-License-Identifier: MIT
#pragma once

#include "base/slices.hpp"
#include "report/snapshot.hpp"

#include <boost/json/object.hpp>

namespace certferry {

/// The snapshot for machines: "version" is 1; "daemon" is null where none was asked; "targets" has one object
/// for each target, with what is known of its mapping. Members whose value is not known are left out.
boost::json::object to_json(const Snapshot& snapshot);

/// Its text, and a tag that is the same as long as nothing but the time has changed.
struct SnapshotText {
    std::string text;
    std::string tag;
};

/// The text of to_json(), made in slices of time: there may be ten thousand targets.
Awaitable<SnapshotText> to_json_text(const Snapshot& snapshot, Slices& slices);

}  // namespace certferry
