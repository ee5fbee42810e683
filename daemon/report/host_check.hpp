// SPDX-License-Identifier: MIT
#pragma once

#include "config/model.hpp"

#include <string_view>

namespace certferry {

/// Whether a Host header names the daemon as the configuration lets it be named. A page elsewhere whose name
/// was made to point to this machine (DNS rebinding) asks by its own name, and must not be answered.
/// At a loopback address: localhost, a loopback address, or one of http.hosts. At other addresses: those, and
/// any address, which nobody can make to point elsewhere. At a socket in the file system: anything.
bool may_ask_by(std::string_view host_header, const config::Http& http);

}  // namespace certferry
