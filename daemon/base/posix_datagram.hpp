// SPDX-License-Identifier: MIT
#pragma once

#include "base/time.hpp"

#include <string>
#include <string_view>

namespace certferry {

/// Sends `text` as one datagram to the Unix socket at `address`: a path, or "@name" for an abstract one
/// (unix(7)). Where the other side's queue is full, it waits for `patience` at most, and blocks meanwhile.
/// False when it was not taken, which is so as well for one that is larger than the kernel allows
/// (net.core.wmem_max: some 400 KB by default).
bool send_datagram(const std::string& address, std::string_view text, Duration patience);

}  // namespace certferry
