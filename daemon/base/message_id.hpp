// SPDX-License-Identifier: MIT
#pragma once

#include "base/log.hpp"

#include <string_view>

namespace certferry {

/// The MESSAGE_ID of an event that people alert on, 32 hex characters that never change (listed in the
/// README); empty for the others. What a failure is about goes before where it happened: a rotation that
/// waits for want of credentials has the id of failing credentials.
std::string_view message_id(std::string_view event, std::initializer_list<LogField> fields);

}  // namespace certferry
