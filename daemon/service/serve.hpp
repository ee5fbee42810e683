// SPDX-License-Identifier: MIT
#pragma once

#include "base/log.hpp"
#include "config/model.hpp"

namespace certferry {

/// Runs the daemon in the foreground until SIGTERM or SIGINT, or with `once` until every target was tried
/// once. Tells systemd when it is ready and when it stops. Returns the exit code.
int serve(const config::Config& config, Log& log, bool once);

}  // namespace certferry
