// SPDX-License-Identifier: MIT
#include "fields.hpp"

#include <boost/json/parse.hpp>
#include <fmt/format.h>

namespace certferry::sandbox {

namespace json = boost::json;

Fields::Fields(std::string_view text) {
    boost::system::error_code error;
    json::value value = json::parse(text, error);
    if (error || !value.is_object())
        complain("the body must be a JSON object");
    else
        object_ = std::move(value.as_object());
}

std::string Fields::text(const char* name, std::optional<std::string> otherwise) {
    const json::value* const value = find(name, !otherwise);
    if (value == nullptr) return otherwise.value_or("");
    if (value->is_string()) return std::string(value->get_string());
    complain(fmt::format("{} must be a string", name));
    return "";
}

std::int64_t Fields::number(const char* name, std::int64_t least, std::int64_t most,
                            std::optional<std::int64_t> otherwise) {
    const json::value* const value = find(name, !otherwise);
    if (value == nullptr) return otherwise.value_or(least);
    if (value->is_int64() && value->get_int64() >= least && value->get_int64() <= most)
        return value->get_int64();
    complain(fmt::format("{} must be a whole number from {} to {}", name, least, most));
    return least;
}

bool Fields::flag(const char* name, std::optional<bool> otherwise) {
    const json::value* const value = find(name, !otherwise);
    if (value == nullptr) return otherwise.value_or(false);
    if (value->is_bool()) return value->get_bool();
    complain(fmt::format("{} must be true or false", name));
    return false;
}

std::vector<std::string> Fields::list(const char* name) {
    std::vector<std::string> texts;
    for (const json::value& value : find_array(name))
        if (value.is_string())
            texts.emplace_back(value.get_string());
        else
            complain(fmt::format("{} must be a list of strings", name));
    return texts;
}

std::vector<Fields> Fields::parts(const char* name) {
    std::vector<Fields> parts;
    for (const json::value& value : find_array(name))
        if (value.is_object())
            parts.emplace_back(value.get_object());
        else
            complain(fmt::format("{} must be a list of objects", name));
    return parts;
}

void Fields::complain(std::string sentence) {
    if (!complaint_) complaint_ = std::move(sentence);
}

std::optional<std::string> Fields::complaint() {
    for (const auto& field : object_)
        if (!known_.contains(std::string(field.key())))
            complain(fmt::format("unknown field {}", std::string_view(field.key())));
    return complaint_;
}

const json::array& Fields::find_array(const char* name) {
    static const json::array nothing;
    const json::value* const value = find(name, false);
    if (value == nullptr) return nothing;
    if (value->is_array()) return value->get_array();
    complain(fmt::format("{} must be a list", name));
    return nothing;
}

const json::value* Fields::find(const char* name, bool required) {
    known_.insert(name);
    const json::value* const value = object_.if_contains(name);
    if (value == nullptr && required) complain(fmt::format("field {} is missing", name));
    return value;
}

}  // namespace certferry::sandbox
