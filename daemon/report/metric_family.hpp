// SPDX-License-Identifier: MIT
#pragma once

#include "base/time.hpp"
#include "report/histogram.hpp"

#include <initializer_list>
#include <string>
#include <string_view>

namespace certferry {

enum class MetricType { gauge, counter, histogram };

struct MetricLabel {
    std::string_view name;
    std::string_view value;  // any text; escaped here
};
using MetricLabels = std::initializer_list<MetricLabel>;

/// One metric and its samples in Prometheus' text format 0.0.4
/// (prometheus.io/docs/instrumenting/exposition_formats), which OpenMetrics scrapers read as well.
class MetricFamily {
public:
    /// `name` as Prometheus' rules have it: a base unit, and _total for a counter. `help` is one sentence.
    MetricFamily(std::string_view name, MetricType type, std::string_view help);

    void sample(MetricLabels labels, double value);
    void sample(MetricLabels labels, std::uint64_t value);
    /// Seconds since 1970.
    void sample(MetricLabels labels, WallTime time);
    void sample(MetricLabels labels, const Histogram& histogram);

    /// Nothing for a metric without samples.
    std::string_view text() const;

private:
    void line(std::string_view suffix, MetricLabels labels, std::string_view le, std::string_view value);

    std::string name_;
    std::string text_;
    bool empty_ = true;
};

}  // namespace certferry
