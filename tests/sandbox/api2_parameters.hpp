// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/sign_api2.hpp"
#include "signature_check.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace certferry::sandbox {

/// Empty when it was not sent.
std::string text_of(const Api2Parameters& parameters, const std::string& name);
Secret secret_of(const Api2Parameters& parameters, const std::string& name);

/// Nothing when it was not sent or is no whole number.
std::optional<std::int64_t> number_of(const Api2Parameters& parameters, const std::string& name);

/// The values of name.0, name.1 ..., in the order of their names.
std::vector<std::string> list_of(const Api2Parameters& parameters, std::string_view name);

/// 4000, naming the parameter.
Refusal missing(std::string_view name);

}  // namespace certferry::sandbox
