// SPDX-License-Identifier: MIT
#include "report/metric_family.hpp"

#include <array>

#include <fmt/format.h>

namespace certferry {
namespace {

constexpr std::array<std::string_view, 3> type_words = {"gauge", "counter", "histogram"};

double seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

void append_escaped(std::string& text, std::string_view value) {
    for (const char c : value) {
        if (c == '\n')
            text += "\\n";
        else if (c == '"' || c == '\\')
            text += {'\\', c};
        else
            text += c;
    }
}

}  // namespace

MetricFamily::MetricFamily(std::string_view name, MetricType type, std::string_view help)
    : name_(name),
      text_(fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name,
                        type_words.at(static_cast<std::size_t>(type)))) {}

void MetricFamily::sample(MetricLabels labels, double value) {
    line("", labels, "", fmt::format("{}", value));
}

void MetricFamily::sample(MetricLabels labels, std::uint64_t value) {
    line("", labels, "", fmt::format("{}", value));
}

void MetricFamily::sample(MetricLabels labels, WallTime time) {
    const std::int64_t milliseconds = time.time_since_epoch().count();
    line("", labels, "", fmt::format("{}.{:03}", milliseconds / 1000, milliseconds % 1000));
}

void MetricFamily::sample(MetricLabels labels, const Histogram& histogram) {
    std::uint64_t count = 0;
    for (std::size_t at = 0; at < histogram.bounds().size(); ++at) {
        count += histogram.counts()[at];
        line("_bucket", labels, fmt::format("{}", seconds(histogram.bounds()[at])), fmt::format("{}", count));
    }
    count += histogram.counts().back();
    line("_bucket", labels, "+Inf", fmt::format("{}", count));
    line("_sum", labels, "", fmt::format("{}", seconds(histogram.sum())));
    line("_count", labels, "", fmt::format("{}", count));
}

std::string_view MetricFamily::text() const {
    return empty_ ? std::string_view() : text_;
}

void MetricFamily::line(std::string_view suffix, MetricLabels labels, std::string_view le,
                        std::string_view value) {
    empty_ = false;
    text_ += name_;
    text_ += suffix;
    std::string_view mark = "{";
    const auto append = [&](const MetricLabel& label) {
        text_ += mark;
        text_ += label.name;
        text_ += "=\"";
        append_escaped(text_, label.value);
        text_ += '"';
        mark = ",";
    };
    for (const MetricLabel& label : labels) append(label);
    if (!le.empty()) append({"le", le});
    if (mark == ",") text_ += '}';
    text_ += ' ';
    text_ += value;
    text_ += '\n';
}

}  // namespace certferry
