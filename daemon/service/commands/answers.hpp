// SPDX-License-Identifier: MIT
#pragma once

#include "control/protocol.hpp"
#include "service/supervise.hpp"

#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

/// What the answers of several commands have in common.
namespace certferry::commands {

/// All is well, and this is the result.
control::Answer told(boost::json::object result);

/// How each target fares, and the exit code of that.
control::Answer answer_of(const std::vector<Verdict>& verdicts);

/// The members that say which target an object is of.
boost::json::object of_target(const MappingName& mapping, const TargetKey& target);

/// The members that say what has failed, in the place of `says` and `exit_code`.
void add_failure(boost::json::object& object, const Error& error);

/// The exit code for all objects of a list, by their members `exit_code`.
int exit_code_of(const boost::json::array& list);

boost::json::array names_json(const std::vector<MappingName>& names);

}  // namespace certferry::commands
