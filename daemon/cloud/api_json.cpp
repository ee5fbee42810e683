// SPDX-License-Identifier: MIT
#include "cloud/api_json.hpp"

#include <algorithm>
#include <cctype>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

namespace certferry {
namespace {

namespace json = boost::json;

constexpr std::size_t text_max = 500;
constexpr std::size_t name_max = 255;
constexpr std::size_t id_max = 64;

std::string scalar_text(const json::value& value) {
    if (value.is_string()) return bounded_text(value.get_string(), text_max);
    if (value.is_int64()) return std::to_string(value.get_int64());
    if (value.is_uint64()) return std::to_string(value.get_uint64());
    return {};
}

std::optional<JsonObjects> objects_of(const json::value& list) {
    JsonObjects objects;
    const auto add = [&](const json::value& item) {
        if (const json::object* const object = item.if_object()) objects.push_back(object);
        return item.is_object();
    };
    if (const json::array* const array = list.if_array()) {
        if (!std::all_of(array->begin(), array->end(), add)) return std::nullopt;
        return objects;
    }
    const json::object* const map = list.if_object();
    if (map == nullptr) return std::nullopt;
    for (const auto& item : *map)
        if (!add(item.value())) return std::nullopt;
    return objects;
}

}  // namespace

std::string bounded_text(std::string_view text, std::size_t max_bytes) {
    const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; };
    std::size_t size = std::min(text.size(), max_bytes);
    // Not in the middle of a UTF-8 character.
    while (size > 0 && size < text.size() && continues(text[size])) --size;
    std::string clean(text.substr(0, size));
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    std::replace_if(clean.begin(), clean.end(), is_control, ' ');
    return clean;
}

std::string lower_word(std::string_view text) {
    std::string word = bounded_text(text, name_max);
    std::transform(word.begin(), word.end(), word.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return word;
}

bool is_id(std::string_view text) {
    const auto fits = [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; };
    return !text.empty() && text.size() <= id_max && std::all_of(text.begin(), text.end(), fits);
}

const json::object* map_at(const json::object& object, std::string_view name) {
    static const json::object empty;
    const json::value* const value = object.if_contains(name);
    if (value == nullptr) return nullptr;
    if (const json::array* const array = value->if_array()) return array->empty() ? &empty : nullptr;
    return value->if_object();
}

std::string text_at(const json::object& object, std::string_view name) {
    const json::value* const value = object.if_contains(name);
    return value == nullptr ? std::string() : scalar_text(*value);
}

std::string first_text(const json::object& object, std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names)
        if (std::string text = text_at(object, name); !text.empty()) return text;
    return {};
}

std::vector<std::string> texts_at(const json::object& object, std::string_view name) {
    std::vector<std::string> texts;
    const json::value* const list = object.if_contains(name);
    if (list == nullptr || !list->is_array()) return texts;
    for (const json::value& item : list->get_array())
        if (item.is_string()) texts.push_back(bounded_text(item.get_string(), name_max));
    return texts;
}

std::optional<JsonObjects> objects_at(const json::object& object, std::string_view name) {
    const json::value* const list = object.if_contains(name);
    return list == nullptr ? std::nullopt : objects_of(*list);
}

Error lacks_usable(std::string_view what) {
    return {Errc::answer_malformed, fmt::format("the answer has no usable {}", what)};
}

}  // namespace certferry
