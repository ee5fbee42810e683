// SPDX-License-Identifier: MIT
#include "cloud/environment_credentials.hpp"

#include <fmt/format.h>

namespace certferry {
namespace {

Result<Credentials> read(const Environment& environment) {
    const std::string_view id = value_of(environment, "TENCENTCLOUD_SECRET_ID");
    const std::string_view key = value_of(environment, "TENCENTCLOUD_SECRET_KEY");
    if (id.empty() && key.empty())
        return Error(Errc::file_missing, "environment: TENCENTCLOUD_SECRET_ID is not set");
    if (id.empty() || key.empty())
        return Error(Errc::credentials_missing,
                     fmt::format("environment: TENCENTCLOUD_SECRET_{} is set, TENCENTCLOUD_SECRET_{} is not",
                                 id.empty() ? "KEY" : "ID", id.empty() ? "ID" : "KEY"))
            .with_remedy("set both of them, or neither");

    Credentials found;
    found.secret_id = id;
    found.secret_key = Secret(key);
    for (const char* name :
         {"TENCENTCLOUD_SESSION_TOKEN", "TENCENTCLOUD_TOKEN", "TENCENTCLOUD_SECURITY_TOKEN"})
        if (found.token.empty()) found.token = Secret(value_of(environment, name));
    found.source = "environment";
    return found;
}

}  // namespace

std::string_view value_of(const Environment& environment, const char* name) {
    const char* const value = environment(name);
    return value == nullptr ? std::string_view() : std::string_view(value);
}

Awaitable<Result<Credentials>> EnvironmentPlace::look() {
    co_return without_blanks(read(environment_));
}

}  // namespace certferry
