// SPDX-License-Identifier: MIT
#pragma once

#include "base/backoff.hpp"
#include "base/error.hpp"
#include "rotate/rotation.hpp"

namespace certferry {

/// The longest wait for a load balancer that is busy.
inline constexpr Duration busy_wait_max = std::chrono::seconds(30);

/// What becomes of a rotation after a failure. This is the one place that decides on retries:
/// refused is held; permanent is rejected; busy waits for seconds; credentials wait for as long as `backoff`
/// ever does; everything else waits longer and longer. `failures` counts those in a row, this one included;
/// `chance` is in [0, 1).
Pause pause_after(const Error& error, unsigned failures, const Backoff& backoff, WallTime now, double chance);

/// `backoff` with a longest wait that shrinks as the certificate that is served nears its end: a twentieth of
/// what is left, but not below ten seconds.
Backoff hastened(const Backoff& backoff, Duration left);

}  // namespace certferry
