// SPDX-License-Identifier: MIT
#include "api3_actions.hpp"

#include <algorithm>
#include <array>

namespace certferry::sandbox {
namespace {

namespace json = boost::json;

/// A new key for whoever was found worthy of the role.
Api3Outcome credentials(const Api3Context& context) {
    constexpr std::int64_t default_seconds = 7200;
    constexpr std::int64_t seconds_max = 43200;
    const std::string role = text_of(context.parameters, "RoleArn");
    const std::int64_t seconds = number_of(context.parameters, "DurationSeconds").value_or(default_seconds);
    if (role.empty()) return missing_parameter("RoleArn");
    if (text_of(context.parameters, "RoleSessionName").empty()) return missing_parameter("RoleSessionName");
    if (!role.starts_with("qcs::cam::"))
        return Api3Refusal{"InvalidParameter.ResouceError", "RoleArn: no role"};
    if (seconds < 1 || seconds > seconds_max)
        return Api3Refusal{"InvalidParameter.OverTimeError", "DurationSeconds is at most 43200"};

    World& world = context.world;
    const auto lifetime = std::min(std::chrono::seconds(seconds), world.roles.longest);
    IssuedKey issued = issue_key(world.keys, world.chance, lifetime, context.now);
    return json::object{{"Credentials", std::move(issued.fields)},
                        {"ExpiredTime", issued.expires.time_since_epoch().count()},
                        {"Expiration", to_utc(issued.expires)}};
}

constexpr std::array assume_parameters = {Known{"RoleArn"}, Known{"RoleSessionName"},
                                          Known{"DurationSeconds", ValueKind::number}, Known{"ExternalId"},
                                          Known{"Policy"}};

constexpr std::array identity_parameters = {Known{"ProviderId"}, Known{"WebIdentityToken"}, Known{"RoleArn"},
                                            Known{"RoleSessionName"},
                                            Known{"DurationSeconds", ValueKind::number}};

Api3Outcome assume_role_with_web_identity(const Api3Context& context) {
    const std::string& expected = context.world.roles.web_identity;
    const std::string token = text_of(context.parameters, "WebIdentityToken");
    if (text_of(context.parameters, "ProviderId").empty()) return missing_parameter("ProviderId");
    if (token.empty()) return missing_parameter("WebIdentityToken");
    if (!expected.empty() && token != expected)
        return Api3Refusal{"InvalidParameter.WebIdentityTokenError", "WebIdentityToken: not accepted"};
    return credentials(context);
}

constexpr std::array actions = {
    Api3ActionRow{"AssumeRole", credentials, assume_parameters},
    Api3ActionRow{"AssumeRoleWithWebIdentity", assume_role_with_web_identity, identity_parameters, false},
};

}  // namespace

std::span<const Api3ActionRow> sts_actions() {
    return actions;
}

}  // namespace certferry::sandbox
