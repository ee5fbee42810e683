// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace certferry {

enum class LogLevel { debug, info, warning, error };

/// Of the words that the configuration has for them; nothing for another.
constexpr std::optional<LogLevel> parse_log_level(std::string_view word) {
    if (word == "debug") return LogLevel::debug;
    if (word == "info") return LogLevel::info;
    if (word == "warning") return LogLevel::warning;
    if (word == "error") return LogLevel::error;
    return std::nullopt;
}

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

/// A log that is told, while it runs, which lines are of no interest, and tells how many it has dropped.
class LeveledLog : public Log {
public:
    /// Lines since the start that nobody took in time.
    virtual std::size_t dropped() const = 0;

    /// From now on, lines below `least` are left out.
    virtual void set_least(LogLevel least) = 0;
};

}  // namespace certferry
