// SPDX-License-Identifier: MIT
#pragma once

#include "api3_refusal.hpp"
#include "http.hpp"
#include "keys.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace certferry::sandbox {

/// What an Authorization header of TC3-HMAC-SHA256 says.
struct Tc3Authorization {
    std::string secret_id;
    std::string date;
    std::string service;
    std::vector<std::string> signed_headers;
    std::string signature;
};

std::optional<Tc3Authorization> parse_tc3_authorization(std::string_view header);

/// What it should be for a request with this Host: lower-case hex (reference: tencent-cloud-api §2.1).
std::string tc3_signature(const HttpCall& call, const Tc3Authorization& authorization,
                          const std::string& host, const Secret& secret_key);

/// Whether a request was signed for this service by a key of the account, lately. The host in the signature
/// may be the Host header with or without its port (the SDKs sign what they were given) or one of the
/// service's own names; at an address, which is no service's, the scope may name any service, since SDKs
/// guess it from the host. AuthFailure.InvalidAuthorization, .SecretIdNotFound, .SignatureFailure,
/// .SignatureExpire, .TokenFailure, MissingParameter.
std::optional<Api3Refusal> check_tc3(const HttpCall& call, const std::string& service, const Keys& keys,
                                     WallTime now);

/// "clb" for clb.tencentcloudapi.com, clb.ap-guangzhou..., clb.intl...; empty for any other host.
std::string service_of_host(std::string_view host);

}  // namespace certferry::sandbox
