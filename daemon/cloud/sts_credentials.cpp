// SPDX-License-Identifier: MIT
#include "cloud/sts_credentials.hpp"

#include "cloud/api3_request.hpp"
#include "cloud/temporary_credentials.hpp"

#include <array>

#include <fmt/format.h>

namespace certferry {
namespace {

namespace json = boost::json;

constexpr std::string_view assuming_region = "ap-guangzhou";
constexpr std::chrono::seconds pod_role_duration = std::chrono::hours(2);
constexpr std::size_t token_file_max = 64UL * 1024;

constexpr const char* region_variable = "TKE_REGION";
constexpr const char* provider_variable = "TKE_PROVIDER_ID";
constexpr const char* role_variable = "TKE_ROLE_ARN";
constexpr const char* token_file_variable = "TKE_WEB_IDENTITY_TOKEN_FILE";
constexpr std::array variables = {region_variable, provider_variable, role_variable, token_file_variable};

Result<Credentials> lent(const Result<ApiReply>& reply, std::string source) {
    if (!reply) return reply.error();
    const json::value* const keys = reply->body.if_contains("Credentials");
    if (keys == nullptr || !keys->is_object())
        return Error(Errc::answer_malformed, fmt::format("{}: the answer has no Credentials", source));
    return read_temporary_credentials(keys->get_object(), reply->body, std::move(source));
}

Result<Credentials> or_what_the_role_wants(Result<Credentials> found) {
    if (found || found.error().code() != Errc::api_forbidden) return found;
    return found.error().with_remedy(
        "allow these credentials the action sts:AssumeRole, and let the role's trust policy name their "
        "account");
}

// Nothing when all are set.
std::optional<Error> lack_of_variables(const Environment& environment) {
    std::string missing;
    std::size_t count = 0;
    for (const char* name : variables) {
        if (!value_of(environment, name).empty()) continue;
        missing += (missing.empty() ? "" : ", ") + std::string(name);
        ++count;
    }
    if (count == 0) return std::nullopt;
    if (count == variables.size())
        return Error(Errc::file_missing, fmt::format("OIDC: {} is not set", role_variable));
    return Error(Errc::credentials_missing, fmt::format("OIDC: not set: {}", missing))
        .with_remedy("let TKE's webhook set all four variables, or unset the others");
}

std::string_view without_line_end(std::string_view text) {
    const std::size_t last = text.find_last_not_of(" \t\r\n");
    return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

Result<Secret> read_token(const Files& files, const std::filesystem::path& path) {
    const Result<FileContents> contents = files.read(path, token_file_max);
    if (!contents)
        return contents.error()
            .as(Errc::credentials_missing)
            .within(token_file_variable)
            .with_remedy("see that the pod's token is mounted there and the daemon's user may read it");
    Secret token(without_line_end(contents->bytes.reveal()));
    if (token.empty())
        return Error(Errc::credentials_missing,
                     fmt::format("{}: {}: empty", token_file_variable, path.string()));
    return token;
}

}  // namespace

StsCaller::StsCaller(const config::Account& account, CredentialsSource& credentials, const StsPorts& ports)
    : pace_(ports.executor, ports.clock, account.requests_per_second),
      caller_(account,
              ApiPorts(ports.http, credentials, pace_, ports.clock, ports.random, ports.log, ports.meter)) {}

Awaitable<Result<Credentials>> StsCaller::borrow(const ApiCall& call, std::string source) {
    const Result<ApiReply> reply = co_await caller_.call(call, WallTime());
    co_return lent(reply, std::move(source));
}

AssumedRolePlace::AssumedRolePlace(const config::Account& account, std::shared_ptr<CredentialsSource> base,
                                   const StsPorts& ports)
    : role_(account.credentials.role.value()), base_(std::move(base)), sts_(account, *base_, ports) {}

Awaitable<Result<Credentials>> AssumedRolePlace::look() {
    Api3Call call(Api3Service::sts, "AssumeRole", Effect::reads, std::string(assuming_region));
    json::object& body = call.body();
    body["RoleArn"] = role_.arn;
    body["RoleSessionName"] = role_.session_name;
    body["DurationSeconds"] = std::chrono::floor<std::chrono::seconds>(role_.duration).count();
    if (role_.external_id) body["ExternalId"] = *role_.external_id;
    Result<Credentials> found = co_await sts_.borrow(call, "role " + role_.arn);
    co_return or_what_the_role_wants(std::move(found));
}

OidcPlace::OidcPlace(const config::Account& account, Environment environment, const Files& files,
                     const StsPorts& ports)
    : environment_(std::move(environment)), files_(files), sts_(account, nobody_, ports) {}

// Without a secret id the call is not signed.
Awaitable<Result<Credentials>> OidcPlace::Nobody::current() {
    Credentials none;
    none.source = "the pod's token";
    co_return none;
}

Awaitable<Result<Credentials>> OidcPlace::look() {
    if (const auto lack = lack_of_variables(environment_)) co_return *lack;
    const std::string role(value_of(environment_, role_variable));
    Result<Secret> token = read_token(files_, value_of(environment_, token_file_variable));
    if (!token) co_return token.error();

    Api3Call call(Api3Service::sts, "AssumeRoleWithWebIdentity", Effect::reads,
                  std::string(value_of(environment_, region_variable)));
    json::object& body = call.body();
    body["ProviderId"] = value_of(environment_, provider_variable);
    call.set_secret(body, "WebIdentityToken", *token);
    body["RoleArn"] = role;
    body["RoleSessionName"] = config::AssumedRole().session_name;
    body["DurationSeconds"] = pod_role_duration.count();
    co_return co_await sts_.borrow(call, "OIDC role " + role);
}

}  // namespace certferry
