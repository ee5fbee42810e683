// SPDX-License-Identifier: MIT
#include "cloud/cvm_role_credentials.hpp"

#include "cloud/temporary_credentials.hpp"
#include "cloud/url.hpp"
#include "cloud/wiped_json.hpp"
#include "config/forms.hpp"

#include <boost/json/object.hpp>
#include <fmt/format.h>

namespace certferry {
namespace {

namespace json = boost::json;

constexpr std::string_view directory = "/latest/meta-data/cam/security-credentials/";
// So that a machine that is no CVM does not wait for what never comes.
constexpr config::Timeout timeout{.connect = std::chrono::seconds(1), .total = std::chrono::seconds(3)};

std::optional<Error> status_error(int status, std::string_view role) {
    if (status == 200) return std::nullopt;
    if (status == 404)
        return Error(Errc::credentials_missing, role.empty()
                                                    ? "this CVM has no role bound"
                                                    : fmt::format("this CVM has no role {} bound", role))
            .with_remedy(
                "bind the role to it in the console, or give the account other credentials: a file, "
                "the environment or systemd's LoadCredential");
    return Error(status >= 500 ? Errc::api_internal : Errc::answer_malformed,
                 fmt::format("the answer is HTTP {}", status));
}

// It is not to be reached where the machine is no CVM, and where it is one, for a moment: nobody can tell.
Error or_how_to_do_without(const Error& error) {
    if (error.code() != Errc::unreachable) return error;
    return error.with_remedy(
        "give the account credentials if this machine is no CVM: a file, the environment or systemd's "
        "LoadCredential");
}

std::string_view first_word(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text.substr(0, text.find_first_of(blanks));
}

Result<Credentials> read(std::string_view body, const std::string& role) {
    boost::system::error_code failed;
    const json::value parsed = parse_wiped(body, failed);
    if (failed || !parsed.is_object()) return Error(Errc::answer_malformed, "the answer is no JSON object");
    const json::object& answer = parsed.get_object();
    if (const json::value* const code = answer.if_contains("Code"); code && *code != "Success")
        return Error(Errc::api_internal, fmt::format("the answer does not say Success for role {}", role));
    return read_temporary_credentials(answer, answer, fmt::format("the CVM's role {}", role));
}

}  // namespace

CvmRolePlace::CvmRolePlace(const config::CvmRoleCredentials& cvm, const config::Endpoint& endpoint,
                           Http& http)
    : role_(cvm.role), origin_(endpoint.metadata.value_or("http://metadata.tencentyun.com")), http_(http) {}

Awaitable<Result<Credentials>> CvmRolePlace::look() {
    Result<std::string> role = co_await bound_role();
    if (!role) co_return role.error();
    Result<HttpResponse> response = co_await get(*role);
    if (!response) co_return response.error();
    Result<Credentials> found = read(response->body.reveal(), *role);
    if (!found) co_return found.error().within(url_authority(origin_));
    co_return found;
}

Awaitable<Result<std::string>> CvmRolePlace::bound_role() {
    if (role_) co_return *role_;
    Result<HttpResponse> response = co_await get("");
    if (!response) co_return response.error();
    std::string role(first_word(response->body.reveal()));
    if (!config::is_role_name(role))
        co_return Error(Errc::answer_malformed, "the answer is no role's name")
            .within(url_authority(origin_));
    co_return role;
}

Awaitable<Result<HttpResponse>> CvmRolePlace::get(std::string name) {
    HttpRequest request;
    request.method = Method::get;
    request.url = fmt::format("{}{}{}", origin_, directory, name);
    request.plain_http = true;
    request.timeout = timeout;
    Result<HttpResponse> response = co_await http_.fetch(std::move(request));
    if (!response) co_return or_how_to_do_without(response.error());
    if (const auto refused = status_error(response->status, name))
        co_return refused->within(url_authority(origin_));
    co_return response;
}

}  // namespace certferry
