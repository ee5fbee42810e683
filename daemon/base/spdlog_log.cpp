// SPDX-License-Identifier: MIT
#include "base/spdlog_log.hpp"

#include <algorithm>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>
#include <spdlog/async.h>
#include <spdlog/sinks/stdout_sinks.h>

namespace certferry {
namespace {

constexpr std::size_t lines_waiting_max = 1024;

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

bool plain(char c) {
    return c > ' ' && c != '"' && c != '\\' && c != '=' && c != 0x7f;
}

std::string quoted(const std::string& value) {
    if (std::all_of(value.begin(), value.end(), plain)) return value;
    std::string text = "\"";
    for (const char c : value) {
        if (c == '"' || c == '\\')
            text += {'\\', c};
        else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            text += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        else
            text += c;
    }
    return text + '"';
}

// The members that follow the fixed ones of the JSON pattern: event and fields, without the outer braces.
std::string json_members(std::string_view event, std::initializer_list<LogField> fields) {
    boost::json::object line{{"event", event}};
    for (const LogField& field : fields)
        if (!field.value.empty()) line[field.key] = field.value;
    const std::string text = boost::json::serialize(line);
    return text.substr(1, text.size() - 2);
}

}  // namespace

std::string text_line(std::string_view event, std::initializer_list<LogField> fields) {
    std::string line(event);
    for (const LogField& field : fields)
        if (!field.value.empty()) line += fmt::format(" {}={}", field.key, quoted(field.value));
    return line;
}

struct SpdlogLog::Writer {
    std::shared_ptr<spdlog::details::thread_pool> pool;
    std::shared_ptr<spdlog::async_logger> logger;
};

SpdlogLog::SpdlogLog(LogLevel least, LogStyle style) : writer_(std::make_unique<Writer>()), style_(style) {
    writer_->pool = std::make_shared<spdlog::details::thread_pool>(lines_waiting_max, 1);
    writer_->logger =
        std::make_shared<spdlog::async_logger>("certferry", std::make_shared<spdlog::sinks::stderr_sink_mt>(),
                                               writer_->pool, spdlog::async_overflow_policy::overrun_oldest);
    writer_->logger->set_level(to_spdlog(least));
    writer_->logger->set_pattern(style == LogStyle::json
                                     ? R"({"time":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v})"
                                     : "%Y-%m-%dT%H:%M:%S.%eZ %-7l %v",
                                 spdlog::pattern_time_type::utc);
}

SpdlogLog::~SpdlogLog() = default;

void SpdlogLog::write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
    const auto spd_level = to_spdlog(level);
    if (!writer_->logger->should_log(spd_level)) return;
    writer_->logger->log(spd_level, "{}",
                         style_ == LogStyle::json ? json_members(event, fields) : text_line(event, fields));
}

void SpdlogLog::set_least(LogLevel least) {
    writer_->logger->set_level(to_spdlog(least));
}

std::size_t SpdlogLog::dropped() const {
    return writer_->pool->overrun_counter();
}

}  // namespace certferry
