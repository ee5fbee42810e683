// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/credentials_place.hpp"

#include <functional>
#include <string_view>

namespace certferry {

/// The value of an environment variable, or null; as std::getenv.
using Environment = std::function<const char*(const char* name)>;

/// The value of a variable; empty when it is not set.
std::string_view value_of(const Environment& environment, const char* name);

/// Environment variables, as the official tools name them (reference: tencent-cloud-api §3):
/// TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY, and for the token the first that is set of
/// TENCENTCLOUD_SESSION_TOKEN, TENCENTCLOUD_TOKEN and TENCENTCLOUD_SECURITY_TOKEN. Empty counts as not set.
class EnvironmentPlace final : public CredentialsPlace {
public:
    explicit EnvironmentPlace(Environment environment) : environment_(std::move(environment)) {}

    Awaitable<Result<Credentials>> look() override;

private:
    Environment environment_;
};

}  // namespace certferry
