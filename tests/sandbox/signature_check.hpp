// SPDX-License-Identifier: MIT
#pragma once

#include "http.hpp"
#include "keys.hpp"
#include "parameters.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace certferry::sandbox {

/// Why API 2.0 does not do what it was asked: its number and words. The word that goes with a number is
/// published for few of them; the others are named after API 3.0's.
struct Refusal {
    int code = 0;
    std::string message;
};

/// 4000, naming the parameter.
Refusal missing(std::string_view name);

/// Whether an API 2.0 request was signed by a key of the account, lately, and came for the first time.
/// The host in the signature may be the Host header with or without its port (the SDKs sign what they were
/// given) or one of the service's own names. 4000 a parameter is missing, 4104 unknown SecretId, 4100 wrong
/// signature, 4105 a wrong or outlived token, 4500 too old or seen before.
std::optional<Refusal> check_signature(const HttpCall& call, const Parameters& parameters, const Keys& keys,
                                       ReplayGuard& replays, WallTime now);

}  // namespace certferry::sandbox
