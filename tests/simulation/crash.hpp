// SPDX-License-Identifier: MIT
#pragma once

namespace certferry::simulation {

/// Thrown where the daemon dies. It unwinds to whoever runs the loop, who then destroys everything of it.
struct Crash {};

}  // namespace certferry::simulation
