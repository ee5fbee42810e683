// SPDX-License-Identifier: MIT
#include "base/log_line.hpp"

#include "base/message_id.hpp"

#include <algorithm>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace certferry {
namespace {

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

// Fields of an entry end at a NUL (base/sd_journal_sink.hpp), which is in no text but may be in what others
// say.
std::string without_nul(const std::string& value) {
    std::string text;
    for (const char c : value)
        if (c == '\0')
            text += "\\x00";
        else
            text += c;
    return text;
}

// syslog(3)'s.
int priority_of(LogLevel level) {
    switch (level) {
        case LogLevel::debug:
            return 7;
        case LogLevel::info:
            return 6;
        case LogLevel::warning:
            return 4;
        case LogLevel::error:
            return 3;
    }
    return 3;
}

std::string upper(std::string_view key) {
    std::string text(key);
    for (char& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
}

}  // namespace

std::string text_line(std::string_view event, std::initializer_list<LogField> fields) {
    std::string line(event);
    for (const LogField& field : fields)
        if (!field.value.empty()) line += fmt::format(" {}={}", field.key, quoted(field.value));
    return line;
}

std::string json_members(std::string_view event, std::initializer_list<LogField> fields) {
    boost::json::object line{{"event", event}};
    for (const LogField& field : fields)
        if (!field.value.empty()) line[field.key] = field.value;
    const std::string text = boost::json::serialize(line);
    return text.substr(1, text.size() - 2);
}

std::vector<std::string> journal_entry(LogLevel level, std::string_view event,
                                       std::initializer_list<LogField> fields) {
    std::vector<std::string> entry = {
        "MESSAGE=" + text_line(event, fields), fmt::format("PRIORITY={}", priority_of(level)),
        "SYSLOG_IDENTIFIER=certferryd", fmt::format("CERTFERRY_EVENT={}", event)};
    if (const std::string_view id = message_id(event, fields); !id.empty())
        entry.push_back(fmt::format("MESSAGE_ID={}", id));
    for (const LogField& field : fields)
        if (!field.value.empty())
            entry.push_back(fmt::format("CERTFERRY_{}={}", upper(field.key), without_nul(field.value)));
    return entry;
}

}  // namespace certferry
