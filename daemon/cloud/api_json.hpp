// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

/// How the JSON of the API's answers is read, of both generations. It is not trusted: every id is checked and
/// every text bounded. Whatever may be null or left out is, somewhere (reference: tencent-cloud-api §1.5 and
/// §2.3).
namespace certferry {

/// Text from outside, fit for a log and a terminal: at most `max_bytes`, no control characters.
std::string bounded_text(std::string_view text, std::size_t max_bytes);

/// A word that is compared: in lower case, and no longer than a word.
std::string lower_word(std::string_view text);

/// Whether this can be an id of the cloud's.
bool is_id(std::string_view text);

/// The object under `name`; an empty one where PHP wrote the empty map as []. Null when it is neither.
const boost::json::object* map_at(const boost::json::object& object, std::string_view name);

/// The string or number under `name` as text, bounded; empty when it is neither or not there.
std::string text_at(const boost::json::object& object, std::string_view name);

/// The same of the first of `names` that has one.
std::string first_text(const boost::json::object& object, std::initializer_list<std::string_view> names);

/// The strings of the list under `name`, bounded; none when it is no list.
std::vector<std::string> texts_at(const boost::json::object& object, std::string_view name);

using JsonObjects = std::vector<const boost::json::object*>;

/// The objects of the list under `name`. PHP writes a list with gaps as a map. Nothing when it is neither, or
/// when it has anything else in it.
std::optional<JsonObjects> objects_at(const boost::json::object& object, std::string_view name);

/// answer_malformed: the answer does not have `what` as documented.
Error lacks_usable(std::string_view what);

}  // namespace certferry
