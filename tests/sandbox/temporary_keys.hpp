// SPDX-License-Identifier: MIT
#pragma once

#include "keys.hpp"

#include <chrono>
#include <random>
#include <string>

#include <boost/json/object.hpp>

namespace certferry::sandbox {

/// Who gets temporary keys, and which.
struct Roles {
    std::string machine;                  // the role that is bound to this machine; empty: none
    std::chrono::seconds longest{43200};  // no temporary key lives longer, whatever was asked for
    std::string web_identity;             // the only token that is taken for an identity; empty: any
};

/// A new key of the account, with all its rights until it expires. {"TmpSecretId", "TmpSecretKey", "Token"}.
struct IssuedKey {
    boost::json::object fields;
    std::chrono::sys_seconds expires;
};

IssuedKey issue_key(Keys& keys, std::mt19937_64& chance, std::chrono::seconds lifetime, WallTime now);

}  // namespace certferry::sandbox
