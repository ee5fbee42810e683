// SPDX-License-Identifier: MIT
#pragma once

#include "base/log.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace certferry::tests {

/// Keeps what was logged, a line each: "event key=value key=value".
class RecordedLog final : public Log {
public:
    void write(LogLevel, std::string_view event, std::initializer_list<LogField> fields) override {
        std::string line(event);
        for (const LogField& field : fields) line += " " + std::string(field.key) + "=" + field.value;
        lines_.push_back(std::move(line));
    }

    const std::vector<std::string>& lines() const { return lines_; }
    std::ptrdiff_t count(std::string_view event) const {
        return std::count_if(lines_.begin(), lines_.end(),
                             [&](const std::string& line) { return line.starts_with(event); });
    }

    /// The last line of that event; empty for none.
    std::string last(std::string_view event) const {
        const auto found = std::find_if(lines_.rbegin(), lines_.rend(),
                                        [&](const std::string& line) { return line.starts_with(event); });
        return found == lines_.rend() ? std::string() : *found;
    }

private:
    std::vector<std::string> lines_;
};

}  // namespace certferry::tests
