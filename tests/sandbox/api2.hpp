// SPDX-License-Identifier: MIT
#pragma once

#include "api.hpp"
#include "world.hpp"

namespace certferry::sandbox {

/// API 2.0: /v2/index.php by GET or POST form, signed with HMAC, {"code":0,"codeDesc":"Success",...}
/// (cloud.tencent.com/document/product/214/11594 and the pages of its actions).
class Api2 final : public Api {
public:
    explicit Api2(World& world) : world_(world) {}

    std::unique_ptr<ApiCall> read(const HttpCall& call) override;
    boost::json::object failure(int code, const std::string& code_desc,
                                const std::string& message) const override;
    std::string code_of(const boost::json::object& body) const override;
    void spell_code(boost::json::object& body) const override;

private:
    World& world_;
};

}  // namespace certferry::sandbox
