// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include <boost/system/error_code.hpp>

namespace certferry {

/// What happened, as a sentence's end: "connection refused", "wrong version number (SSL routines)".
std::string reason_of(const boost::system::error_code& error);

}  // namespace certferry
