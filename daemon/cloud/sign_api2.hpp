// SPDX-License-Identifier: MIT
#pragma once

#include "base/secret.hpp"
#include "config/model.hpp"

#include <map>
#include <string>
#include <string_view>

namespace certferry {

/// The parameters of an API 2.0 request, as sent before any encoding, without Signature. In byte order of
/// their names, as the signature wants them. Values may be secret (newCertKey), so they are wiped.
using Api2Parameters = std::map<std::string, Secret>;

/// What an API 2.0 signature is over: METHOD + host + path + "?" + k=v joined by "&", values raw.
/// (Reference: tencent-cloud-api §1.4. No parameter of ours has a '_' in its name, nor a value that begins
/// with '@', the two points on which the official SDKs differ.)
Secret api2_string_to_sign(std::string_view method, std::string_view host, std::string_view path,
                           const Api2Parameters& parameters);

/// base64(HMAC(secret_key, string_to_sign)), with padding.
std::string api2_signature(config::SignatureMethod method, const Secret& secret_key,
                           std::string_view string_to_sign);

/// application/x-www-form-urlencoded, every name and value by RFC 3986.
Secret form_encode(const Api2Parameters& parameters);

}  // namespace certferry
