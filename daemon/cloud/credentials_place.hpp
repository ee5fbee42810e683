// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/credentials.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace certferry {

/// Port: one place where an account's keys may be.
class CredentialsPlace {
public:
    virtual ~CredentialsPlace() = default;

    /// What is there now. Errors name the place: file_missing when it is not there at all; anything else when
    /// it is and does not serve.
    virtual Awaitable<Result<Credentials>> look() = 0;
};

using CredentialsPlaces = std::vector<std::unique_ptr<CredentialsPlace>>;

/// The first of several places that is there. One that is there but does not serve (too open, half of a pair)
/// is not passed over for another identity.
class FirstOfPlaces final : public CredentialsPlace {
public:
    explicit FirstOfPlaces(CredentialsPlaces places) : places_(std::move(places)) {}

    /// Errors: credentials_missing when none is there, and what the first said that was; either with the
    /// reasons of those before it.
    Awaitable<Result<Credentials>> look() override;

private:
    CredentialsPlaces places_;
};

/// A pasted blank would only show as a signature that the API refuses.
Result<Credentials> without_blanks(Result<Credentials> found);

}  // namespace certferry
