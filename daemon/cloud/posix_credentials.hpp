// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/credentials.hpp"
#include "config/model.hpp"

#include <functional>
#include <memory>

namespace certferry {

/// The value of an environment variable, or null; as std::getenv.
using Environment = std::function<const char*(const char* name)>;

Environment process_environment();

/// Where an account's keys come from. The first found of several places is the first that is there: a place
/// that is there but does not serve (too open, half of a pair) is not passed over for another identity.
/// Environment variables, as the official tools name them (reference: tencent-cloud-api §3):
/// TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY, and for the token the first that is set of
/// TENCENTCLOUD_SESSION_TOKEN, TENCENTCLOUD_TOKEN and TENCENTCLOUD_SECURITY_TOKEN. Empty counts as not set.
/// Kind systemd is the file in $CREDENTIALS_DIRECTORY that LoadCredential= puts there.
std::unique_ptr<CredentialsSource> make_credentials(const config::Credentials& where,
                                                    const Environment& environment = process_environment());

}  // namespace certferry
