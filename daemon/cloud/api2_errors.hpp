// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/api2_envelope.hpp"

namespace certferry {

/// What an answer that says no means: one row of the table for each code that is known (reference:
/// tencent-cloud-api §1.5 and §2.5), api_unknown for the others. The Error carries the API's own words.
Error api2_error(const Api2Answer& answer);

}  // namespace certferry
