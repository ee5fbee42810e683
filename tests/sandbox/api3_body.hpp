// SPDX-License-Identifier: MIT
#pragma once

#include "api3_refusal.hpp"
#include "http.hpp"
#include "parameters.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace certferry::sandbox {

enum class ValueKind { text, number, boolean };

/// A parameter that an action takes. The name is written without the indexes of lists: "CertIds".
struct Known {
    std::string_view name;
    ValueKind kind = ValueKind::text;
};

struct Api3Body {
    Parameters values;
    std::map<std::string, ValueKind> kinds;  // as JSON had them; a query has none
};

/// The parameters of a POST in JSON, or of a GET in its query. Nulls are left out. Nothing when a POST has no
/// JSON object.
std::optional<Api3Body> read_body(const HttpCall& call);

/// UnknownParameter, or InvalidParameter for a value of another kind.
std::optional<Api3Refusal> check_names(const Api3Body& body, std::span<const Known> known);

}  // namespace certferry::sandbox
