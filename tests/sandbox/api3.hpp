// SPDX-License-Identifier: MIT
#pragma once

#include "api.hpp"
#include "world.hpp"

namespace certferry::sandbox {

/// API 3.0: the path / by POST of JSON or by GET, signed with TC3-HMAC-SHA256, {"Response":{...,"RequestId"}}
/// (reference: tencent-cloud-api §2).
class Api3 final : public Api {
public:
    explicit Api3(World& world) : world_(world) {}

    std::unique_ptr<ApiCall> read(const HttpCall& call) override;
    boost::json::object failure(int code, const std::string& code_desc,
                                const std::string& message) const override;
    std::string code_of(const boost::json::object& body) const override;
    /// Does nothing: every code is a string.
    void spell_code(boost::json::object& body) const override;

private:
    std::string new_request_id();

    World& world_;
};

}  // namespace certferry::sandbox
