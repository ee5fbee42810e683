// SPDX-License-Identifier: MIT
#include "report/message.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include <boost/json/array.hpp>
#include <fmt/format.h>

namespace certferry {
namespace {

namespace json = boost::json;

constexpr std::size_t names_shown = 20;
constexpr std::size_t groups_shown = 20;

std::string_view words_of(NoticeKind kind) {
    return kind == NoticeKind::still_failing ? "still failing" : to_text(kind);
}

std::string name_of(const Notice& notice) {
    if (notice.mapping.empty()) return {};
    return fmt::format("{} ({}, {})", notice.mapping.str(), notice.target.account.str(),
                       notice.target.configured_id.str());
}

std::string validity(const Notice& notice, WallTime at) {
    if (!notice.valid_until) return fmt::format("Deployed is {}.", notice.deployed.str());
    const Duration left = *notice.valid_until - at;
    const std::string rest =
        left > Duration::zero() ? fmt::format("{} left", to_rough_text(left)) : std::string("over");
    return fmt::format("Deployed is {}, valid until {} ({}).", notice.deployed.str(),
                       to_utc_day(*notice.valid_until), rest);
}

std::string sentence(const Notice& notice, WallTime at) {
    switch (notice.kind) {
        case NoticeKind::failed:
        case NoticeKind::still_failing:
            return fmt::format("{} ({}). What happens next: {}. {}", notice.why, notice.reason, notice.next,
                               validity(notice, at));
        case NoticeKind::expiring:
        case NoticeKind::recovered:
            return validity(notice, at);
        case NoticeKind::rotated:
            return fmt::format("{} has taken the place of {}, and it is proven. {}", notice.deployed.str(),
                               notice.replaced.str(), validity(notice, at));
        case NoticeKind::trial:
            return "This is a test: certferry can tell you here.";
    }
    return {};
}

// Those that can be told together: one failure of many targets, many rotations.
using GroupKey = std::tuple<NoticeKind, std::string>;
using Groups = std::map<GroupKey, std::vector<const Notice*>>;

Groups groups_of(const Message& message) {
    Groups groups;
    for (const Notice& notice : message.notices) groups[{notice.kind, notice.reason}].push_back(&notice);
    return groups;
}

// What ends first comes first, and is the example.
void sort_by_end(std::vector<const Notice*>& notices) {
    std::stable_sort(notices.begin(), notices.end(), [](const Notice* one, const Notice* other) {
        return one->valid_until.value_or(WallTime::max()) < other->valid_until.value_or(WallTime::max());
    });
}

std::string list_of(const std::vector<const Notice*>& notices) {
    std::string text;
    for (std::size_t at = 0; at < std::min(notices.size(), names_shown); ++at)
        text += fmt::format("{}{}", at == 0 ? "" : ", ", name_of(*notices[at]));
    if (notices.size() > names_shown) text += fmt::format(" and {} more", notices.size() - names_shown);
    return text;
}

std::string paragraph(std::vector<const Notice*> notices, WallTime at) {
    sort_by_end(notices);
    const Notice& first = *notices.front();
    if (notices.size() > 1)
        return fmt::format("{} ({}): {}. The first of them: {}", words_of(first.kind), notices.size(),
                           list_of(notices), sentence(first, at));
    const std::string name = name_of(first);
    return fmt::format("{}{}{}: {}", words_of(first.kind), name.empty() ? "" : ": ", name,
                       sentence(first, at));
}

json::object to_json(const Notice& notice) {
    json::object object{{"event", to_text(notice.kind)}};
    const auto add = [&](std::string_view name, const std::string& value) {
        if (!value.empty()) object[name] = value;
    };
    add("mapping", notice.mapping.str());
    add("account", notice.target.account.str());
    add("old_cert_id", notice.target.configured_id.str());
    add("reason", notice.reason);
    add("why", notice.why);
    add("next", notice.next);
    add("replaced_id", notice.replaced.str());
    add("deployed_id", notice.deployed.str());
    if (notice.valid_until) object["valid_until"] = to_utc(*notice.valid_until);
    return object;
}

}  // namespace

std::string summary(const Message& message) {
    std::map<NoticeKind, std::size_t> counts;
    for (const Notice& notice : message.notices) ++counts[notice.kind];
    std::string text;
    for (const auto& [kind, count] : counts)
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, words_of(kind));
    return fmt::format("certferry on {}: {}", message.sender, text);
}

std::string message_text(const Message& message) {
    std::string text = summary(message);
    const Groups groups = groups_of(message);
    std::size_t shown = 0;
    for (const auto& [key, notices] : groups) {
        if (shown++ == groups_shown) {
            text += fmt::format("\n\nand failures of {} other kinds", groups.size() - groups_shown);
            break;
        }
        text += "\n\n" + paragraph(notices, message.at);
    }
    return text;
}

json::object message_json(const Message& message) {
    json::array events;
    for (const Notice& notice : message.notices) events.push_back(to_json(notice));
    return {{"version", 1},
            {"sender", message.sender},
            {"time", to_utc(message.at)},
            {"summary", summary(message)},
            {"text", message_text(message)},
            {"events", std::move(events)}};
}

}  // namespace certferry
