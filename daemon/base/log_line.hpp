// SPDX-License-Identifier: MIT
#pragma once

#include "base/log.hpp"

#include <string>
#include <vector>

/// What one event of the log looks like in each of its formats.
namespace certferry {

/// "rotation.done mapping=www old_id=4b9fc92b": values are quoted where they need it, and control characters
/// are escaped.
std::string text_line(std::string_view event, std::initializer_list<LogField> fields);

/// The members of a JSON object, event first, without the outer braces.
std::string json_members(std::string_view event, std::initializer_list<LogField> fields);

/// The fields of an entry of the systemd journal, as "NAME=value" each: MESSAGE (the line of text), PRIORITY,
/// SYSLOG_IDENTIFIER, MESSAGE_ID where people alert on the event, CERTFERRY_EVENT, and CERTFERRY_ before the
/// upper-case key of each field, as in CERTFERRY_MAPPING (systemd.journal-fields(7)).
std::vector<std::string> journal_entry(LogLevel level, std::string_view event,
                                       std::initializer_list<LogField> fields);

}  // namespace certferry
