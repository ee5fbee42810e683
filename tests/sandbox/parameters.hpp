// SPDX-License-Identifier: MIT
#pragma once

#include "base/secret.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace certferry::sandbox {

/// What a call of either generation of the API says, flat: "oldCertId", "certIds.0", "Certificate.CertId".
using Parameters = std::map<std::string, Secret>;

/// Empty when it was not sent.
std::string text_of(const Parameters& parameters, const std::string& name);
Secret secret_of(const Parameters& parameters, const std::string& name);

/// Nothing when it was not sent or is no whole number.
std::optional<std::int64_t> number_of(const Parameters& parameters, const std::string& name);

/// The values of name.0, name.1 ..., in the order of their names.
std::vector<std::string> list_of(const Parameters& parameters, std::string_view name);

/// For people: long values, and those of secret names, replaced by their length.
std::map<std::string, std::string> shown(const Parameters& parameters);

}  // namespace certferry::sandbox
