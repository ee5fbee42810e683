// SPDX-License-Identifier: MIT
#pragma once

#include "base/async.hpp"
#include "base/time.hpp"

namespace certferry::sandbox {

Awaitable<void> pause(Duration duration);

}  // namespace certferry::sandbox
