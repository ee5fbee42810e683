// SPDX-License-Identifier: MIT
#pragma once

#include "base/log.hpp"

#include <memory>

namespace certferry {

enum class LogStyle {
    text,     // 2026-11-24T10:15:32.120Z info    rotation.done mapping=www old=4b9fc92b new=e2b6d555
    json,     // {"time":"…","level":"info","event":"rotation.done","mapping":"www", …}
    journal,  // an entry of the systemd journal with a field for each key
};

/// The log through spdlog, on standard error or in the systemd journal. Lines are handed to a writer thread:
/// a reader that has stalled (journald, a full pipe) never stops the loop; what more than a thousand lines
/// wait for is dropped and counted instead.
class SpdlogLog final : public LeveledLog {
public:
    SpdlogLog(LogLevel least, LogStyle style);
    ~SpdlogLog() override;
    SpdlogLog(const SpdlogLog&) = delete;
    SpdlogLog& operator=(const SpdlogLog&) = delete;

    void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) override;
    void set_least(LogLevel least) override;
    std::size_t dropped() const override;

private:
    struct Writer;
    std::unique_ptr<Writer> writer_;
    LogStyle style_;
};

}  // namespace certferry
