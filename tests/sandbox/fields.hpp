// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

namespace certferry::sandbox {

/// Reads the fields of a JSON object and remembers the first thing that is wrong with them, so that a reader
/// is a plain list of fields with one question at its end.
class Fields {
public:
    /// A text that is no JSON object has that as its complaint, and no fields.
    explicit Fields(std::string_view text);
    explicit Fields(boost::json::object object) : object_(std::move(object)) {}

    bool has(const char* name) const { return object_.contains(name); }
    bool has_text(const char* name) const { return has(name) && object_.at(name).is_string(); }
    /// The default is what an absent field means; a field without one must be there.
    std::string text(const char* name, std::optional<std::string> otherwise = std::nullopt);
    std::int64_t number(const char* name, std::int64_t least, std::int64_t most,
                        std::optional<std::int64_t> otherwise = std::nullopt);
    bool flag(const char* name, std::optional<bool> otherwise = std::nullopt);
    /// Texts; none when it is absent.
    std::vector<std::string> list(const char* name);
    /// Objects, whose complaints are their own; none when it is absent.
    std::vector<Fields> parts(const char* name);

    void complain(std::string sentence);
    /// What is wrong, also with fields that nobody asked for; nothing when all is well.
    std::optional<std::string> complaint();

private:
    const boost::json::array& find_array(const char* name);
    /// Null when it is absent, which is a complaint when it is `required`.
    const boost::json::value* find(const char* name, bool required);

    boost::json::object object_;
    std::set<std::string> known_;
    std::optional<std::string> complaint_;
};

}  // namespace certferry::sandbox
