// SPDX-License-Identifier: MIT
#pragma once

#include "base/log.hpp"
#include "config/model.hpp"

#include <filesystem>

namespace certferry {

/// Runs the daemon in the foreground until SIGTERM or SIGINT, or with `once` until every target was tried
/// once. Without `once` it listens at the control socket, and reads `config_file` again when it is asked to,
/// there or by SIGHUP. Tells systemd when it is ready and when it stops. Returns the exit code.
int serve(const std::filesystem::path& config_file, config::Config config, LeveledLog& log, bool once);

}  // namespace certferry
