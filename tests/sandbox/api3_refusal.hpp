// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace certferry::sandbox {

/// Why API 3.0 does not do what it was asked. The codes are those of the common list and of the services'
/// own (reference: tencent-cloud-api §2.4, §2.5).
struct Api3Refusal {
    std::string code;
    std::string message;
};

inline Api3Refusal missing_parameter(const std::string& name) {
    return {"MissingParameter", "The request is missing a required parameter `" + name + "`."};
}

}  // namespace certferry::sandbox
