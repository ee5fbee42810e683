// SPDX-License-Identifier: MIT
#include "base/spdlog_log.hpp"

#include "base/log_line.hpp"
#include "base/sd_journal_sink.hpp"

#include <atomic>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

namespace certferry {
namespace {

constexpr std::size_t lines_waiting_max = 1024;

// Unlike spdlog's own pool, this one's thread sleeps until there is a line.
namespace asio = boost::asio;

spdlog::level::level_enum to_spdlog(LogLevel level) {
    switch (level) {
        case LogLevel::debug:
            return spdlog::level::debug;
        case LogLevel::info:
            return spdlog::level::info;
        case LogLevel::warning:
            return spdlog::level::warn;
        case LogLevel::error:
            return spdlog::level::err;
    }
    return spdlog::level::err;
}

const char* pattern_of(LogStyle style) {
    switch (style) {
        case LogStyle::text:
            return "%Y-%m-%dT%H:%M:%S.%eZ %-7l %v";
        case LogStyle::json:
            return R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})";
        case LogStyle::journal:
            return "%v";
    }
    return "%v";
}

std::string message_of(LogStyle style, LogLevel level, std::string_view event,
                       std::initializer_list<LogField> fields) {
    switch (style) {
        case LogStyle::text:
            return text_line(event, fields);
        case LogStyle::json:
            return json_members(event, fields);
        case LogStyle::journal:
            return packed_entry(journal_entry(level, event, fields));
    }
    return text_line(event, fields);
}

}  // namespace

struct SpdlogLog::Writer {
    explicit Writer(LogStyle style) {
        if (style == LogStyle::journal) journal = std::make_shared<SdJournalSink>();
        const spdlog::sink_ptr sink =
            journal ? spdlog::sink_ptr(journal) : std::make_shared<spdlog::sinks::stderr_sink_st>();
        logger = std::make_unique<spdlog::logger>("certferry", sink);
    }

    ~Writer() { thread.join(); }

    void write(spdlog::level::level_enum level, std::string line) {
        if (waiting >= lines_waiting_max) {
            ++dropped;
            return;
        }
        ++waiting;
        const auto at = spdlog::log_clock::now();
        asio::post(thread, [this, at, level, line = std::move(line)] {
            logger->log(at, spdlog::source_loc(), level, line);
            --waiting;
        });
    }

    std::shared_ptr<SdJournalSink> journal;  // none for standard error
    std::unique_ptr<spdlog::logger> logger;
    std::atomic<std::size_t> waiting = 0;
    std::atomic<std::size_t> dropped = 0;
    asio::thread_pool thread{1};
};

SpdlogLog::SpdlogLog(LogLevel least, LogStyle style)
    : writer_(std::make_unique<Writer>(style)), style_(style) {
    writer_->logger->set_level(to_spdlog(least));
    writer_->logger->set_pattern(pattern_of(style), spdlog::pattern_time_type::utc);
}

SpdlogLog::~SpdlogLog() = default;

void SpdlogLog::write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
    const auto spd_level = to_spdlog(level);
    if (!writer_->logger->should_log(spd_level)) return;
    writer_->write(spd_level, message_of(style_, level, event, fields));
}

void SpdlogLog::set_least(LogLevel least) {
    writer_->logger->set_level(to_spdlog(least));
}

std::size_t SpdlogLog::dropped() const {
    return writer_->dropped + (writer_->journal ? writer_->journal->refused() : 0);
}

}  // namespace certferry
