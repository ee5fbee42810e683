// SPDX-License-Identifier: MIT
#pragma once

#include "base/log.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace certferry::tests {

/// A log that can be asked what was said.
class RecordingLog final : public Log {
public:
    void write(LogLevel, std::string_view event, std::initializer_list<LogField> fields) override {
        std::string line(event);
        for (const LogField& field : fields) line += " " + std::string(field.key) + "=" + field.value;
        lines_.push_back(std::move(line));
    }

    const std::vector<std::string>& lines() const { return lines_; }

    /// How many lines begin with `event`.
    long count(std::string_view event) const {
        return std::count_if(lines_.begin(), lines_.end(),
                             [&](const std::string& line) { return line.starts_with(event); });
    }

private:
    std::vector<std::string> lines_;
};

}  // namespace certferry::tests
