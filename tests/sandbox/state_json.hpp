// SPDX-License-Identifier: MIT
#pragma once

#include "world.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace certferry::sandbox {

/// Certificates, load balancers, listeners with their history, tasks, replacements, uploads and the counters
/// of calls. No keys. Times are "…_at_ms", milliseconds since 1970 of the sandbox's clock.
boost::json::object state_json(const World& world);

boost::json::array requests_json(const CallLog& log);

boost::json::array faults_json(const Faults& faults);

}  // namespace certferry::sandbox
