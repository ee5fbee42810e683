// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

/// JSON that may hold secrets: the key of a request, the keys that an answer lends.
namespace certferry {

/// Memory that is overwritten before it goes back to the heap. Objects and strings that are made in place, or
/// moved between such objects, keep it.
boost::json::storage_ptr wiping_memory();

/// What `text` says, in such memory, the parser's own included. Nested at most 16 deep, which is more than
/// any answer of the API.
boost::json::value parse_wiped(std::string_view text, boost::system::error_code& failure);

}  // namespace certferry
