// SPDX-License-Identifier: MIT
#include "config/toml_shape.hpp"

#include "config/forms.hpp"
#include "config/keys.hpp"
#include "config/layouts.hpp"
#include "config/nearest.hpp"
#include "config/words.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace certferry::config {
namespace {

constexpr std::array<std::string_view, 3> secrets = {"secret_id", "secret_key", "token"};

std::string_view type_name(const toml::node& node) {
    if (node.is_string()) return "a text";
    if (node.is_number()) return "a number";
    if (node.is_boolean()) return "a boolean";
    if (node.is_array()) return "a list";
    if (node.is_table()) return "a table";
    return "a date or time";
}

bool is_list_of_endpoints(const toml::array& list) {
    return std::all_of(list.begin(), list.end(), [](const toml::node& node) {
        const auto text = node.value<std::string_view>();
        return text && parse_endpoint(*text);
    });
}

bool is_list_of_hosts(const toml::array& list) {
    return std::all_of(list.begin(), list.end(), [](const toml::node& node) {
        const auto text = node.value<std::string_view>();
        return text && is_host(*text);
    });
}

bool is_list_of_regions(const toml::array& list) {
    return !list.empty() && std::all_of(list.begin(), list.end(), [](const toml::node& node) {
        const auto text = node.value<std::string_view>();
        return text && is_region(*text);
    });
}

bool is_list_of_names(const toml::array& list) {
    return std::all_of(list.begin(), list.end(), [](const toml::node& node) {
        const auto text = node.value<std::string_view>();
        return text && is_name(*text);
    });
}

bool is_command(const toml::array& list) {
    const auto program = list.empty() ? std::nullopt : list.front().value<std::string_view>();
    return program && is_path(*program) && std::all_of(list.begin(), list.end(), [](const toml::node& node) {
               const auto text = node.value<std::string_view>();
               return text && text->find('\0') == std::string_view::npos;
           });
}

bool is_list_of_tables(const toml::array& list) {
    return std::all_of(list.begin(), list.end(), [](const toml::node& node) { return node.is_table(); });
}

bool fits(const Key& key, const toml::node& node) {
    switch (key.form) {
        case Form::table:
        case Form::named_tables:
            return node.is_table();
        case Form::tables:
            return node.is_array() && is_list_of_tables(*node.as_array());
        case Form::flag:
            return node.is_boolean();
        case Form::factor: {
            const double number = node.value<double>().value_or(0);
            return number >= 1 && number <= 100;
        }
        case Form::endpoints:
            return node.is_array() && is_list_of_endpoints(*node.as_array());
        case Form::hosts:
            return node.is_array() && is_list_of_hosts(*node.as_array());
        case Form::regions:
            return node.is_array() && is_list_of_regions(*node.as_array());
        case Form::names:
            return node.is_array() && is_list_of_names(*node.as_array());
        case Form::command:
            return node.is_array() && is_command(*node.as_array());
        case Form::word_or_table:
        case Form::certificate:
            if (node.is_table()) return true;
            break;
        default:
            break;
    }
    const auto text = node.value<std::string_view>();
    return text && fits(key, *text);
}

class Shape {
public:
    Shape(std::size_t file, Report& report) : file_(file), report_(report) {}

    void check_table(const toml::table& table, std::string_view path) {
        for (const auto& [key, node] : table) check_entry(key, node, path);
        for (const Key* wanted : keys_of(path))
            if (wanted->required && !table.contains(wanted->name()))
                report_.add(place(file_, table.source()), fmt::format("{} is missing", wanted->name()),
                            fmt::format("add {} = {}", wanted->name(), wanted->sample));
    }

private:
    void check_entry(const toml::key& name, const toml::node& node, std::string_view path) {
        const Key* const key = find_key(path_of(path, name.str()));
        if (key == nullptr) return report_unknown(name, path);
        if (!fits(*key, node)) return report_unfit(*key, node);

        if (key->form == Form::named_tables) return check_named(*node.as_table(), *key);
        if (const toml::table* const table = node.as_table()) check_table(*table, key->path);
        if (key->form != Form::tables) return;
        for (const toml::node& element : *node.as_array()) check_table(*element.as_table(), key->path);
    }

    void check_named(const toml::table& tables, const Key& parent) {
        const Key& named = *find_key(path_of(parent.path, "NAME"));
        for (const auto& [name, node] : tables) {
            if (!is_name(name.str()))
                report_.add(place(file_, name.source()),
                            fmt::format("\"{}\" is no name for {}", name.str(), what_is_named(parent)),
                            "use letters, digits, '.', '_' and '-', 64 at most");
            name_ = name.str();
            if (node.is_table())
                check_table(*node.as_table(), named.path);
            else
                report_.add(place(file_, name.source()),
                            fmt::format("{} must be {}", parent.name(), noun(parent)),
                            fmt::format("write [{}.{}] above the line", parent.name(), named.sample));
        }
    }

    static std::string_view what_is_named(const Key& parent) {
        return parent.name() == "account" ? "an account" : "a notifier";
    }

    // " in [[mapping]]", " in [account.default]", and for a table inside of those " in timeout".
    std::string within(std::string_view path) const {
        if (path.empty()) return {};
        if (path == "mapping") return " in [[mapping]]";
        const Key& key = *find_key(path);
        if (key.name() == "NAME")
            return fmt::format(" in [{}{}]", path.substr(0, path.size() - key.name().size()), name_);
        return key.name() == path ? fmt::format(" in [{}]", path) : fmt::format(" in {}", key.name());
    }

    void report_unknown(const toml::key& name, std::string_view path) {
        if (std::find(secrets.begin(), secrets.end(), name.str()) != secrets.end())
            return report_.add(place(file_, name.source()),
                               fmt::format("{} does not belong in this file", name.str()),
                               "put it into /etc/certferry/credentials.toml with mode 0600, and change it at "
                               "Tencent if others have read it here");
        report_.add(place(file_, name.source()),
                    fmt::format("unknown key \"{}\"{}", name.str(), within(path)), meant(name.str(), path));
    }

    static std::string meant(std::string_view name, std::string_view path) {
        std::vector<std::string_view> known;
        for (const Key* key : keys_of(path)) known.push_back(key->name());
        if (const auto near = nearest(name, known)) return fmt::format("did you mean \"{}\"?", *near);

        std::string list;
        for (const std::string_view key : known) list += fmt::format("{}{}", list.empty() ? "" : ", ", key);
        return fmt::format("known here: {}", list);
    }

    void report_unfit(const Key& key, const toml::node& node) {
        report_.add(place(file_, node.source()),
                    fmt::format("{} must be {}{}", key.name(), noun(key), instead(key, node)),
                    remedy(key, node));
    }

    static bool is_address(const Key& key) {
        return key.form == Form::origin || key.form == Form::http_origin || key.form == Form::message_url;
    }

    // An address may carry a password, so it is not repeated.
    static std::string instead(const Key& key, const toml::node& node) {
        const auto text = node.value<std::string_view>();
        if (text && is_address(key)) return {};
        if (text) return fmt::format(", not \"{}\"", text->substr(0, 80));
        if (node.is_number() && key.form == Form::factor) return {};
        const bool of_elements = key.form == Form::endpoints || key.form == Form::regions ||
                                 key.form == Form::hosts || key.form == Form::tables ||
                                 key.form == Form::names || key.form == Form::command;
        if (node.is_array() && of_elements) return {};
        return fmt::format(", not {}", type_name(node));
    }

    static std::string remedy(const Key& key, const toml::node& node) {
        const auto text = node.value<std::string_view>();
        if (text && key.form == Form::certificate) return remedy_of_lineage(key, *text);
        if (text && !key.words.empty())
            if (const auto near = nearest(*text, {key.words.begin(), key.words.end()});
                near && key.hint.empty())
                return fmt::format("did you mean \"{}\"?", *near);
        return std::string(hint(key));
    }

    static std::string remedy_of_lineage(const Key& certificate, std::string_view text) {
        if (const auto client = client_named_in(text))
            return std::string(hint(*find_key(path_of(certificate.path, to_word(*client)))));
        const std::size_t colon = text.find(':');
        if (colon == std::string_view::npos) return std::string(hint(certificate));
        const auto near =
            nearest(text.substr(0, colon), {acme_client_words.begin(), acme_client_words.end()});
        if (!near) return std::string(hint(certificate));
        return fmt::format("did you mean \"{}{}\"?", *near, text.substr(colon));
    }

    std::size_t file_;
    Report& report_;
    std::string name_;  // of the section that is being looked at
};

}  // namespace

void check_shape(const toml::table& document, std::size_t file, Report& report) {
    Shape(file, report).check_table(document, "");
}

}  // namespace certferry::config
