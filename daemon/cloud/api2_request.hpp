// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/api_call.hpp"
#include "cloud/sign_api2.hpp"

#include <string>
#include <string_view>

namespace certferry {

enum class Api2Service {
    lb,   // load balancers: lb.api.qcloud.com
    wss,  // the certificate store: wss.api.qcloud.com
};

/// A call of API 2.0: a form, signed with the parameters themselves (reference: tencent-cloud-api §1.1 to
/// §1.4).
class Api2Call final : public ApiCall {
public:
    Api2Call(Api2Service to, std::string action, Effect effect)
        : ApiCall(config::Api::v2, std::move(action), effect), service_(to) {}

    void set(const std::string& name, std::string_view value) { parameters_[name] = Secret(value); }
    void set_secret(const std::string& name, const Secret& value);

    SignedRequest request(const Signing& signing) const override;

private:
    Api2Service service_;
    Api2Parameters parameters_;
    std::vector<Secret> secrets_;
};

}  // namespace certferry
