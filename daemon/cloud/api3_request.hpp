// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/api_call.hpp"

#include <string>
#include <string_view>

#include <boost/json/object.hpp>

namespace certferry {

enum class Api3Service {
    clb,  // load balancers: clb.tencentcloudapi.com
    ssl,  // the certificate store: ssl.tencentcloudapi.com
    sts,  // temporary credentials: sts.tencentcloudapi.com
};

/// Where a service of API 3.0 is, as scheme://host: "https://clb.tencentcloudapi.com", and
/// "https://clb.intl.tencentcloudapi.com" for an account of the international site. Finance regions
/// ("ap-shanghai-fsi") have load balancers' hosts of their own (reference: tencent-cloud-api §2.2).
std::string api3_endpoint(config::Site site, std::string_view service, std::string_view region);

/// A call of API 3.0: JSON, signed with TC3-HMAC-SHA256 (reference: tencent-cloud-api §2.1). The memory of
/// its body is wiped when it is freed. With no region it is one of those that take none. Credentials without
/// a secret id sign nothing: the header then says SKIP, for the call of STS that is made by who has none yet.
class Api3Call final : public ApiCall {
public:
    Api3Call(Api3Service to, std::string action, Effect effect, std::string region = {});

    /// What is sent, to be filled in. Objects and strings that are made in place keep its memory.
    boost::json::object& body() { return body_; }

    /// Puts `value` into an object of the body, and out of the words that come back.
    void set_secret(boost::json::object& object, std::string_view name, const Secret& value);

    SignedRequest request(const Signing& signing) const override;

private:
    Api3Service service_;
    std::string region_;
    boost::json::object body_;
    std::vector<Secret> secrets_;
};

}  // namespace certferry
