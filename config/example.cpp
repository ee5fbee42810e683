// SPDX-License-Identifier: MIT
#include "config/example.hpp"

#include "config/keys.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace certferry::config {
namespace {

constexpr std::size_t width = 110;

constexpr std::string_view opening =
    "# The whole configuration of certferry, /etc/certferry/certferry.toml.\n"
    "#\n"
    "# A commented line shows a key with its default, or with a sample where there is none.\n"
    "# To begin, take the comment from [[mapping]], name, certificate and old_cert_id.\n"
    "# Files in conf.d/ beside this one, *.toml, are read after it in the order of their names.\n"
    "# Durations are a whole number and a unit: ms, s, m, h or d.\n";

// "# text", folded between words; the following lines are indented by `hang`.
std::string comment(std::string_view text, std::size_t hang = 0) {
    std::string folded;
    std::string line = "#";
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, end);
        if (line.size() + 1 + word.size() > width) {
            folded += line + "\n";
            line = "#" + std::string(hang, ' ');
        }
        line += fmt::format(" {}", word);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return folded + line + "\n";
}

std::string_view own_value(const Key& key) {
    return key.initial.empty() ? key.sample : key.initial;
}

std::string inline_table(const std::vector<const Key*>& children) {
    std::string entries;
    for (const Key* child : children)
        entries += fmt::format("{}{} = {}", entries.empty() ? "" : ", ", child->name(), own_value(*child));
    return "{ " + entries + " }";
}

// What does nothing without a thing that only its reader knows stands commented as a whole.
bool nobodys_default(const Key& key) {
    if (key.form == Form::tables) return true;
    const std::vector<const Key*> inner = keys_of(path_of(key.path, "NAME"));
    return std::any_of(inner.begin(), inner.end(), [](const Key* one) { return one->required; });
}

std::string entry(const Key& key) {
    const std::vector<const Key*> children = keys_of(key.path);
    std::string text = "\n" + comment(key.doc);
    for (const Key* child : children)
        text += comment(fmt::format("  {}: {}", child->name(), child->doc), child->name().size() + 4);
    const std::string value = own_value(key).empty() ? inline_table(children) : std::string(own_value(key));
    return text + fmt::format("#{} = {}\n", key.name(), value);
}

std::string entries(std::string_view path) {
    std::string text;
    for (const Key* key : keys_of(path)) text += entry(*key);
    return text;
}

std::string section(const Key& key) {
    std::string text = "\n\n" + comment(key.doc);
    const char* const begin = nobodys_default(key) ? "#" : "";
    if (key.form == Form::named_tables) {
        const Key& named = *find_key(path_of(key.path, "NAME"));
        return text + fmt::format("{}[{}.{}]\n", begin, key.name(), named.sample) + entries(named.path);
    }
    const std::string name =
        key.form == Form::tables ? fmt::format("[{}]", key.name()) : std::string(key.name());
    return text + fmt::format("{}[{}]\n", begin, name) + entries(key.path);
}

}  // namespace

std::string example() {
    std::string text(opening);
    for (const Key* key : keys_of("")) text += section(*key);
    return text;
}

}  // namespace certferry::config
