// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/api3_cloud.hpp"
#include "cloud/api_world.hpp"

#include <string>

namespace certferry::tests {

inline HttpResponse yes3(const std::string& members = "") {
    const std::string separator = members.empty() ? "" : ",";
    return answer(R"({"Response":{"RequestId":"request-1")" + separator + members + "}}");
}

inline HttpResponse no3(const std::string& code, const std::string& message = "no") {
    return answer(R"({"Response":{"Error":{"Code":")" + code + R"(","Message":")" + message +
                  R"("},"RequestId":"request-2"}})");
}

struct Api3World : ApiWorld {
    ApiCaller caller{account, ports};
    Api3Cloud cloud{account.regions, caller};
};

}  // namespace certferry::tests
