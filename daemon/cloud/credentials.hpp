// SPDX-License-Identifier: MIT
#pragma once

#include "base/async.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"

#include <optional>
#include <string>

namespace certferry {

struct Credentials {
    std::string secret_id;  // an identifier, not a secret
    Secret secret_key;
    Secret token;                     // empty unless the credentials are temporary
    std::string source;               // where they were found, for messages: "environment", a path ...
    std::optional<WallTime> expires;  // of temporary ones, where it is known
};

inline bool same_keys(const Credentials& one, const Credentials& other) {
    return one.secret_id == other.secret_id && one.secret_key == other.secret_key && one.token == other.token;
}

/// Port: an account's keys.
class CredentialsSource {
public:
    virtual ~CredentialsSource() = default;

    /// What is in force now. Errors, all of which say that nothing was sent: credentials_missing, which names
    /// every place that was looked at, and how to mend the one that was there and did not serve; unreachable,
    /// where a service that lends credentials failed in a way that passes.
    virtual Awaitable<Result<Credentials>> current() = 0;

    /// Drops what is remembered, so that current() looks again: after the API refused these. Others, which
    /// have taken their place meanwhile, stay.
    virtual void forget(const Credentials& refused) = 0;
};

}  // namespace certferry
