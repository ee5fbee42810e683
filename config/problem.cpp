// SPDX-License-Identifier: MIT
#include "config/problem.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace certferry::config {
namespace {

constexpr std::size_t widest_shown = 200;

bool control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
}

// Every control character becomes one blank, so that the caret stays where it belongs.
std::string printable(std::string_view text) {
    std::string shown(text);
    std::replace_if(shown.begin(), shown.end(), control, ' ');
    return shown;
}

bool may_hold_secret(std::string_view line) {
    std::string lower(line);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20U) : static_cast<char>(c);
    });
    for (const std::string_view sign : {"secret", "token", "password", "private key", "?key="})
        if (lower.find(sign) != std::string::npos) return true;
    const std::size_t scheme = lower.find("://");
    return scheme != std::string::npos && lower.find('@', scheme) != std::string::npos;
}

std::string shown_line(std::string_view line) {
    if (!may_hold_secret(line)) return printable(line.substr(0, widest_shown));
    const std::size_t value = line.find('=');
    return value == std::string_view::npos ? "***" : printable(line.substr(0, value + 1)) + " ***";
}

std::vector<std::string> split_lines(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        lines.emplace_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

auto position(const Place& place) {
    return std::tie(place.file, place.line, place.column);
}

}  // namespace

std::string format(const Problem& problem) {
    std::string text = printable(problem.file.string());
    if (problem.line > 0) text += fmt::format(":{}:{}", problem.line, problem.column);
    text += fmt::format(": {}\n", printable(problem.sentence));
    if (problem.line > 0) {
        const std::string line = shown_line(problem.source_line);
        text += fmt::format("{:>5} | {}\n", problem.line, line);
        if (problem.column <= line.size() + 1) text += fmt::format("      | {:>{}}\n", "^", problem.column);
    }
    if (!problem.suggestion.empty()) text += fmt::format("        {}\n", printable(problem.suggestion));
    return text;
}

std::size_t Report::add_file(std::filesystem::path path, std::string_view text) {
    files_.push_back({std::move(path), split_lines(text)});
    return files_.size() - 1;
}

void Report::add(const Place& place, std::string sentence, std::string suggestion) {
    problems_.push_back({place, std::move(sentence), std::move(suggestion)});
}

std::string Report::name(const Place& place) const {
    return fmt::format("{}:{}", files_.at(place.file).path.string(), place.line);
}

std::vector<Problem> Report::sorted() const {
    std::vector<Entry> entries = problems_;
    std::stable_sort(entries.begin(), entries.end(),
                     [](const Entry& a, const Entry& b) { return position(a.place) < position(b.place); });

    std::vector<Problem> problems;
    for (Entry& entry : entries) {
        const File& file = files_.at(entry.place.file);
        const std::size_t row = entry.place.line;
        const bool shown = row >= 1 && row <= file.lines.size();
        problems.push_back({file.path, entry.place.line, entry.place.column,
                            shown ? file.lines[row - 1] : std::string(), std::move(entry.sentence),
                            std::move(entry.suggestion)});
    }
    return problems;
}

}  // namespace certferry::config
