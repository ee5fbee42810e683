// SPDX-License-Identifier: MIT
#pragma once

#include "base/files.hpp"
#include "cloud/api_caller.hpp"
#include "cloud/credentials_place.hpp"
#include "cloud/environment_credentials.hpp"

namespace certferry {

/// What speaking to STS needs of the world, besides credentials.
struct StsPorts {
    StsPorts(boost::asio::any_io_executor executor_, Http& http_, Clock& clock_, Random& random_, Log& log_,
             Meter& meter_)
        : executor(std::move(executor_)),
          http(http_),
          clock(clock_),
          random(random_),
          log(log_),
          meter(meter_) {}

    boost::asio::any_io_executor executor;
    Http& http;
    Clock& clock;
    Random& random;
    Log& log;
    Meter& meter;
};

/// Who calls STS for one account, at a pace of its own: another host, and nobody's certificate waits there.
class StsCaller {
public:
    StsCaller(const config::Account& account, CredentialsSource& credentials, const StsPorts& ports);

    /// The credentials that the reply lends. The errors are those of ApiCaller::call(), and answer_malformed.
    Awaitable<Result<Credentials>> borrow(const ApiCall& call, std::string source);

private:
    Pace pace_;
    ApiCaller caller_;
};

/// A role that STS gives to who has other credentials: AssumeRole (reference: tencent-cloud-api §3). Errors:
/// those of StsCaller.
class AssumedRolePlace final : public CredentialsPlace {
public:
    /// The account's configuration names a role; `base` has the credentials that it is assumed with.
    AssumedRolePlace(const config::Account& account, std::shared_ptr<CredentialsSource> base,
                     const StsPorts& ports);

    Awaitable<Result<Credentials>> look() override;

private:
    config::AssumedRole role_;
    std::shared_ptr<CredentialsSource> base_;
    StsCaller sts_;
};

/// The role of a pod of TKE, which STS gives for the token in the pod's file: AssumeRoleWithWebIdentity, the
/// one call that nobody signs (reference: tencent-cloud-api §3). TKE sets TKE_REGION, TKE_PROVIDER_ID,
/// TKE_ROLE_ARN and TKE_WEB_IDENTITY_TOKEN_FILE, and writes the file anew now and then: each look reads it.
class OidcPlace final : public CredentialsPlace {
public:
    OidcPlace(const config::Account& account, Environment environment, const Files& files,
              const StsPorts& ports);

    /// Errors: file_missing when none of the variables is set; credentials_missing when some are, or the file
    /// cannot be read; those of StsCaller.
    Awaitable<Result<Credentials>> look() override;

private:
    /// Who has no credentials and wants some.
    class Nobody final : public CredentialsSource {
    public:
        Awaitable<Result<Credentials>> current() override;
        void forget(const Credentials& /*refused*/) override {}
    };

    Environment environment_;
    const Files& files_;
    Nobody nobody_;
    StsCaller sts_;
};

}  // namespace certferry
