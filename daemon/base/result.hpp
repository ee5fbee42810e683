// SPDX-License-Identifier: MIT
#pragma once

#include "base/error.hpp"

#include <boost/system/result.hpp>

namespace certferry {

/// A value, or the Error that stands in its way. Asking a failed Result for its value() is a bug and aborts.
template <class T>
using Result = boost::system::result<T, Error>;

[[noreturn]] void throw_exception_from_error(const Error& error, const boost::source_location& where);

}  // namespace certferry
