// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/credentials_place.hpp"
#include "cloud/http.hpp"

#include <string>

namespace certferry {

/// The role that is bound to this machine, as the metadata service of CVMs lends it (reference:
/// tencent-cloud-api §3). The service is there on CVMs only and answers at once or never; it is at a
/// link-local address and speaks plain http.
class CvmRolePlace final : public CredentialsPlace {
public:
    /// Without a configured role, the one that the service names.
    CvmRolePlace(const config::CvmRoleCredentials& cvm, const config::Endpoint& endpoint, Http& http);

    /// Errors: credentials_missing when no role, or not this one, is bound; those of Http and of HTTP's
    /// statuses; answer_malformed.
    Awaitable<Result<Credentials>> look() override;

private:
    Awaitable<Result<std::string>> bound_role();
    Awaitable<Result<HttpResponse>> get(std::string name);

    std::optional<std::string> role_;
    std::string origin_;
    Http& http_;
};

}  // namespace certferry
