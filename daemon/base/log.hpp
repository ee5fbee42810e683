// SPDX-License-Identifier: MIT
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace certferry {

enum class LogLevel { debug, info, warning, error };

/// One key and value of a log line. Values are escaped by the adapter; secrets have no way in, since Secret
/// does not turn into text.
struct LogField {
    std::string_view key;
    std::string value;
};

/// Port: the log. One event is one line: a dotted name that never changes, and fields. One without a value is
/// left out.
class Log {
public:
    virtual ~Log() = default;

    virtual void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) = 0;
};

}  // namespace certferry
