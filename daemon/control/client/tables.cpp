// SPDX-License-Identifier: MIT
#include "control/client/tables.hpp"

#include "control/client/table.hpp"

#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

namespace certferry::client {
namespace {

namespace json = boost::json;
using control::Command;

constexpr std::size_t day_length = 10;  // of "2026-11-24T10:15:32Z"

std::string text_at(const json::object& object, std::string_view name, std::string_view otherwise = "") {
    const json::value* const value = object.if_contains(name);
    if (value == nullptr) return std::string(otherwise);
    if (value->is_string()) return std::string(value->get_string());
    if (value->is_int64()) return std::to_string(value->get_int64());
    if (value->is_uint64()) return std::to_string(value->get_uint64());
    return std::string(otherwise);
}

std::string day_at(const json::object& object, std::string_view name) {
    const std::string time = text_at(object, name);
    return time.empty() ? "not known yet" : time.substr(0, day_length);
}

const json::array& list_at(const json::object& object, std::string_view name) {
    static const json::array empty;
    const json::value* const value = object.if_contains(name);
    return value != nullptr && value->is_array() ? value->get_array() : empty;
}

/// Calls `show` for each object of a list.
template <class Show>
void for_each(const json::array& list, Show show) {
    for (const json::value& value : list)
        if (value.is_object()) show(value.get_object());
}

constexpr std::string_view red = "\x1b[31m";
constexpr std::string_view green = "\x1b[32m";
constexpr std::string_view yellow = "\x1b[33m";

std::string painted(const std::string& text, std::string_view colour, Paint paint) {
    return paint == Paint::none ? text : fmt::format("{}{}\x1b[0m", colour, text);
}

std::string_view colour_of(std::string_view says) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 5> beginnings = {{
        {"deployed", green},
        {"held", red},
        {"rejected", red},
        {"nothing usable", red},
        {"no renewal", green},
    }};
    for (const auto& [beginning, colour] : beginnings)
        if (says.starts_with(beginning)) return colour;
    return yellow;
}

std::string refused_reload(const json::object& result) {
    const json::value* const daemon = result.if_contains("daemon");
    if (daemon == nullptr || !daemon->is_object()) return {};
    const std::string problem = text_at(daemon->get_object(), "reload_problem");
    if (problem.empty()) return {};
    return fmt::format("\nat {}, a reload failed: {}\n", text_at(daemon->get_object(), "reload_refused"),
                       problem);
}

std::string failing_notifiers(const json::object& result) {
    const json::value* const daemon = result.if_contains("daemon");
    if (daemon == nullptr || !daemon->is_object()) return {};
    std::string text;
    for_each(list_at(daemon->get_object(), "notifiers"), [&](const json::object& notifier) {
        if (const std::string failure = text_at(notifier, "failure"); !failure.empty())
            text += fmt::format("\nnotifier {} cannot tell: {}\n", text_at(notifier, "name"), failure);
    });
    return text;
}

std::string status_text(const json::object& result, Paint paint) {
    std::vector<TableRow> rows;
    for_each(list_at(result, "targets"), [&](const json::object& target) {
        const std::string says = text_at(target, "says");
        rows.push_back({text_at(target, "mapping"), text_at(target, "account"),
                        text_at(target, "old_cert_id"), text_at(target, "deployed_id"),
                        day_at(target, "deployed_valid_until"), painted(says, colour_of(says), paint)});
    });
    return table({"MAPPING", "ACCOUNT", "OLD_CERT_ID", "DEPLOYED", "VALID UNTIL", "STATE"}, rows) +
           refused_reload(result) + failing_notifiers(result);
}

std::string succession_table(const json::object& target) {
    std::vector<TableRow> rows;
    for_each(list_at(target, "succession"), [&](const json::object& entry) {
        const std::string until = text_at(entry, "valid_until", "not known");
        rows.push_back({text_at(entry, "id"), text_at(entry, "since"), until.substr(0, day_length),
                        text_at(entry, "fingerprint", "not known")});
    });
    return table({"CERTIFICATE ID", "SINCE", "VALID UNTIL", "SHA-256 OF THE LEAF"}, rows);
}

std::string steps_table(const json::object& target) {
    std::vector<TableRow> rows;
    for_each(list_at(target, "history"), [&](const json::object& line) {
        rows.push_back({text_at(line, "time"), text_at(line, "rotation"), text_at(line, "state"),
                        text_at(line, "detail")});
    });
    if (rows.empty()) return {};
    const json::value* const left_out = target.if_contains("history_left_out");
    const bool older = left_out != nullptr && left_out->is_bool() && left_out->get_bool();
    return '\n' + table({"TIME", "ROTATION", "STATE", "DETAIL"}, rows) +
           (older ? fmt::format("\nthe last {} steps; older ones are in the journal\n", rows.size()) : "");
}

std::string history_text(const json::object& result) {
    std::string text;
    for_each(list_at(result, "targets"), [&](const json::object& target) {
        if (!text.empty()) text += '\n';
        text += fmt::format("mapping {}, account {}, old_cert_id {}\n\n{}{}", text_at(target, "mapping"),
                            text_at(target, "account"), text_at(target, "old_cert_id"),
                            succession_table(target), steps_table(target));
    });
    return text;
}

std::string place_text(const json::object& place) {
    const std::string domain = text_at(place, "domain");
    return fmt::format("  {} {}{}\n", text_at(place, "load_balancer"), text_at(place, "listener"),
                       domain.empty() ? "" : " " + domain);
}

std::string plan_text(const json::object& result) {
    std::string text;
    for_each(list_at(result, "targets"), [&](const json::object& target) {
        if (!text.empty()) text += '\n';
        text +=
            fmt::format("mapping {}, account {}, old_cert_id {}\n  {}\n", text_at(target, "mapping"),
                        text_at(target, "account"), text_at(target, "old_cert_id"), text_at(target, "says"));
        const json::array& places = list_at(target, "load_balancers");
        const std::string head = text_at(target, "deployed_id");
        if (!head.empty())
            text += places.empty() ? fmt::format("  no load balancer uses {}\n", head)
                                   : fmt::format("  {} serves:\n", head);
        for_each(places, [&](const json::object& place) { text += "  " + place_text(place); });
    });
    return text;
}

std::string verdicts_text(const json::object& result) {
    std::vector<TableRow> rows;
    for_each(list_at(result, "targets"), [&](const json::object& target) {
        rows.push_back({text_at(target, "mapping"), text_at(target, "account"),
                        text_at(target, "deployed_id"), text_at(target, "says")});
    });
    std::string text;
    if (!rows.empty()) text = table({"MAPPING", "ACCOUNT", "DEPLOYED", "OUTCOME"}, rows);
    const std::string says = text_at(result, "says");
    return says.empty() ? text : text + says + '\n';
}

std::string probe_text(const json::object& result) {
    std::string text;
    for_each(list_at(result, "endpoints"),
             [&](const json::object& endpoint) { text += text_at(endpoint, "says") + '\n'; });
    return text;
}

std::string doctor_text(const json::object& result, Paint paint) {
    std::vector<TableRow> rows;
    for_each(list_at(result, "checks"), [&](const json::object& check) {
        const std::string finding = text_at(check, "finding");
        const std::string_view colour = finding == "ok" ? green : finding == "failure" ? red : yellow;
        rows.push_back({text_at(check, "subject"), finding, painted(text_at(check, "says"), colour, paint)});
    });
    return table({"SUBJECT", "FINDING", "DETAIL"}, rows);
}

std::string names_text(const json::object& result, std::string_view name) {
    std::string text;
    for (const json::value& value : list_at(result, name))
        if (value.is_string()) text += (text.empty() ? "" : ", ") + std::string(value.get_string());
    return text;
}

std::string reload_text(const json::object& result) {
    std::string text =
        fmt::format("the configuration is in force; mappings as before: {}", text_at(result, "kept", "0"));
    for (const std::string_view what : {"added", "changed", "removed"})
        if (const std::string names = names_text(result, what); !names.empty())
            text += fmt::format("; {}: {}", what, names);
    if (const std::string later = names_text(result, "later"); !later.empty())
        text += fmt::format("\nat the next start of certferryd: {}", later);
    return text + '\n';
}

}  // namespace

std::string text_of(Command command, const json::object& result, Paint paint) {
    if (result.empty()) return {};
    switch (command) {
        case Command::status:
            return status_text(result, paint);
        case Command::history:
            return history_text(result);
        case Command::plan:
            return plan_text(result);
        case Command::probe:
            return probe_text(result);
        case Command::doctor:
            return doctor_text(result, paint);
        case Command::reload:
            return reload_text(result);
        case Command::notify:
        case Command::rotate:
        case Command::pause:
        case Command::resume:
        case Command::rollback:
        case Command::adopt:
        case Command::log_level:
            return verdicts_text(result);
    }
    return {};
}

}  // namespace certferry::client
