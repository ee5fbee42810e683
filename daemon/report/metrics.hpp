// SPDX-License-Identifier: MIT
#pragma once

#include "base/slices.hpp"
#include "report/snapshot.hpp"
#include "report/tally.hpp"
#include "report/vitals.hpp"

#include <string>

namespace certferry {

/// Everything that Prometheus is told, as text, made in slices of time. What concerns one target has the
/// labels mapping, account and old_cert_id, which the configuration bounds; no label is a certificate id that
/// a rotation changes.
Awaitable<std::string> metrics_text(const Snapshot& snapshot, const Tally& tally, const Vitals& vitals,
                                    Slices& slices);

}  // namespace certferry
