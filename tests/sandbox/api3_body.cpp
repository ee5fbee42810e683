// SPDX-License-Identifier: MIT
#include "api3_body.hpp"

#include "form.hpp"

#include <algorithm>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

namespace certferry::sandbox {
namespace {

namespace json = boost::json;

std::string below(const std::string& path, std::string_view name) {
    return path.empty() ? std::string(name) : fmt::format("{}.{}", path, name);
}

void flatten(Api3Body& body, const std::string& path, const json::value& value) {
    if (value.is_object()) {
        for (const auto& field : value.get_object()) flatten(body, below(path, field.key()), field.value());
    } else if (value.is_array()) {
        std::size_t index = 0;
        for (const json::value& element : value.get_array())
            flatten(body, below(path, std::to_string(index++)), element);
    } else if (value.is_string()) {
        body.values[path] = Secret(value.get_string());
        body.kinds[path] = ValueKind::text;
    } else if (!value.is_null()) {
        body.values[path] = Secret(json::serialize(value));
        body.kinds[path] = value.is_bool() ? ValueKind::boolean : ValueKind::number;
    }
}

bool is_index(std::string_view text) {
    return text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string without_indexes(std::string_view path) {
    std::string name;
    while (!path.empty()) {
        const std::size_t dot = std::min(path.find('.'), path.size());
        const std::string_view part = path.substr(0, dot);
        if (!is_index(part)) name = below(name, part);
        path.remove_prefix(std::min(dot + 1, path.size()));
    }
    return name;
}

}  // namespace

std::optional<Api3Body> read_body(const HttpCall& call) {
    Api3Body body;
    if (call.method == "GET") {
        body.values = form_decode(call.query());
        return body;
    }
    boost::system::error_code error;
    const json::value value = json::parse(call.body.reveal(), error);
    if (error || !value.is_object()) return std::nullopt;
    flatten(body, "", value);
    return body;
}

std::optional<Api3Refusal> check_names(const Api3Body& body, std::span<const Known> known) {
    for (const auto& [path, value] : body.values) {
        const auto parameter = std::ranges::find(known, without_indexes(path), &Known::name);
        if (parameter == known.end())
            return Api3Refusal{"UnknownParameter",
                               fmt::format("The parameter `{}` is not recognized.", path)};
        const auto kind = body.kinds.find(path);
        if (kind != body.kinds.end() && kind->second != parameter->kind)
            return Api3Refusal{"InvalidParameter",
                               fmt::format("The value type of parameter `{}` is not valid.", path)};
    }
    return std::nullopt;
}

}  // namespace certferry::sandbox
