// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "control/protocol.hpp"

#include <filesystem>
#include <functional>

namespace certferry::client {

/// Asks the daemon at `socket`, and waits for its answer as long as `patience`; `tick` is called every second
/// with the time that has passed. Errors: daemon_unreachable when nobody listens there; daemon_silent when
/// who does has not answered in time, or not lived to answer; not_permitted when the socket is not open to
/// this user; answer_malformed.
Result<control::Answer> call(const std::filesystem::path& socket, const control::Request& request,
                             Duration patience, const std::function<void(Duration)>& tick);

}  // namespace certferry::client
