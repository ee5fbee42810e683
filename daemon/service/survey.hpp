// SPDX-License-Identifier: MIT
#pragma once

#include "report/snapshot.hpp"
#include "report/summary.hpp"
#include "service/roster.hpp"

#include <set>

namespace certferry {

/// Where a mapping in the daemon's care stands: what the journal knows, and what is in memory. Errors: those
/// of the journal.
Result<MappingState> state_of(const Charge& charge, const SupervisorPorts& ports);

/// The same of all of them, read in slices of time: each mapping's is consistent in itself.
Awaitable<Result<Snapshot>> snapshot_of(Charges charges, const SupervisorPorts& ports);

/// How many mappings stand where, as far as it is in memory: quick, whatever their number.
Summary summary_of(const Charges& charges, const std::set<TargetKey>& in_flight);

}  // namespace certferry
