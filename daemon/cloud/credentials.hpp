// SPDX-License-Identifier: MIT
#pragma once

#include "base/async.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

#include <string>

namespace certferry {

struct Credentials {
    std::string secret_id;  // an identifier, not a secret
    Secret secret_key;
    Secret token;        // empty unless the credentials are temporary
    std::string source;  // where they were found, for messages: "environment", a path ...
};

/// Port: an account's keys.
class CredentialsSource {
public:
    virtual ~CredentialsSource() = default;

    /// What is in force now. Errors: credentials_missing, which names every place that was looked at, and
    /// how to mend the one that was there and did not serve.
    virtual Awaitable<Result<Credentials>> current() = 0;

    /// Drops what is remembered, so that current() looks again: after the API refused the credentials.
    virtual void forget() = 0;
};

}  // namespace certferry
