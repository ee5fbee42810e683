// SPDX-License-Identifier: MIT
#pragma once

#include "control/command.hpp"

#include <string>

#include <boost/json/object.hpp>

namespace certferry::client {

/// Whether the reader is a person at a terminal that shows colours.
enum class Paint { none, colours };

/// For people: what the result of a command says, as a table or in a few lines. Ends with a newline, unless
/// there is nothing to say.
std::string text_of(control::Command command, const boost::json::object& result, Paint paint);

}  // namespace certferry::client
