// SPDX-License-Identifier: MIT
#include "cloud/api2_call.hpp"

#include "cloud/api2_envelope.hpp"
#include "cloud/api2_errors.hpp"
#include "cloud/api_time.hpp"
#include "cloud/echo.hpp"
#include "cloud/url.hpp"

#include <fmt/format.h>

namespace certferry {
namespace {

constexpr std::string_view path = "/v2/index.php";
/// A server that is further off than this is not worth following.
constexpr Duration offset_max = std::chrono::hours(24);

std::string endpoint(const config::Endpoint& overrides, Api2Service service) {
    if (service == Api2Service::lb) return overrides.lb.value_or("https://lb.api.qcloud.com");
    return overrides.wss.value_or("https://wss.api.qcloud.com");
}

bool failed_as(const Result<Api2Answer>& answer, Errc code) {
    return !answer && answer.error().code() == code;
}

bool same(const Credentials& one, const Credentials& other) {
    return one.secret_id == other.secret_id && one.secret_key == other.secret_key && one.token == other.token;
}

/// What says neither yes nor no.
bool leaves_open(Errc code) {
    return code == Errc::answer_malformed || code == Errc::read_failed || code == Errc::api_internal;
}

Error judged(const Error& error, Effect effect) {
    const bool open = effect == Effect::changes && leaves_open(error.code());
    return open ? error.as(Errc::answer_lost) : error;
}

std::vector<Secret> secrets_of(const Api2Parameters& sent, const Credentials& credentials) {
    std::vector<Secret> secrets{credentials.secret_key, credentials.token};
    for (const char* name : {"Signature", "key", "newCertKey"})
        if (const auto found = sent.find(name); found != sent.end()) secrets.push_back(found->second);
    return secrets;
}

void forget_echoes(Api2Answer& answer, const std::vector<Secret>& secrets) {
    answer.words.code = without_echo(answer.words.code, secrets);
    answer.words.message = without_echo(answer.words.message, secrets);
    answer.words.request_id = RequestId(without_echo(answer.words.request_id.str(), secrets));
    answer.reason = without_echo(answer.reason, secrets);
}

Result<Api2Answer> read(const HttpResponse& response, const std::vector<Secret>& secrets) {
    Result<Api2Answer> answer = read_api2_answer(response);
    if (!answer) return answer;
    forget_echoes(*answer, secrets);
    if (!answer->succeeded()) return api2_error(*answer);
    return answer;
}

}  // namespace

Api2Caller::Api2Caller(config::Account account, Http& http, CredentialsSource& credentials,
                       const Clock& clock, Random& random)
    : account_(std::move(account)), http_(http), credentials_(credentials), clock_(clock), random_(random) {}

Awaitable<Result<Api2Answer>> Api2Caller::call(const Api2Call& call) {
    Result<Api2Answer> answer = co_await call_with_care(call);
    if (!answer) co_return judged(answer.error(), call.effect).within(call.action);
    co_return answer;
}

Awaitable<Result<Api2Answer>> Api2Caller::call_with_care(const Api2Call& call) {
    Result<Credentials> credentials = co_await credentials_.current();
    if (!credentials) co_return credentials.error();

    Result<Api2Answer> answer = co_await send(call, *credentials);
    if (failed_as(answer, Errc::api_clock_skew)) answer = co_await send(call, *credentials);
    if (!failed_as(answer, Errc::api_credentials)) co_return answer;

    const Error refusal = answer.error().within("credentials from " + credentials->source);
    credentials_.forget();
    Result<Credentials> renewed = co_await credentials_.current();
    if (!renewed) co_return renewed.error();
    if (same(*credentials, *renewed)) co_return refusal;
    co_return co_await send(call, *renewed);
}

Awaitable<Result<Api2Answer>> Api2Caller::send(const Api2Call& call, const Credentials& credentials) {
    HttpRequest request = request_of(call);
    const Api2Parameters parameters = sign(call, credentials, url_host(request.url));
    request.body = form_encode(parameters);
    const std::string place(url_authority(request.url));
    Result<HttpResponse> response = co_await http_.fetch(std::move(request));
    if (!response) co_return response.error();

    Result<Api2Answer> answer = read(*response, secrets_of(parameters, credentials));
    if (failed_as(answer, Errc::api_clock_skew)) learn_server_time(*response);
    if (!answer) co_return answer.error().within(place);
    co_return answer;
}

HttpRequest Api2Caller::request_of(const Api2Call& call) const {
    HttpRequest request;
    request.url = endpoint(account_.endpoint, call.service) + std::string(path);
    request.headers = {"Content-Type: application/x-www-form-urlencoded"};
    request.effect = call.effect;
    request.timeout = account_.timeout;
    request.ca_file = account_.ca_file;
    return request;
}

Api2Parameters Api2Caller::sign(const Api2Call& call, const Credentials& credentials, std::string_view host) {
    Api2Parameters parameters = call.parameters;
    const auto set = [&](const std::string& name, std::string_view value) {
        parameters[name] = Secret(value);
    };
    const auto now = std::chrono::floor<std::chrono::seconds>(clock_.now() + clock_offset_);
    set("Action", call.action);
    set("Region", account_.region);
    set("Timestamp", std::to_string(now.time_since_epoch().count()));
    set("Nonce", std::to_string(random_.nonce()));
    set("SecretId", credentials.secret_id);
    if (!credentials.token.empty()) parameters["Token"] = credentials.token;
    // HmacSHA1 is what the API takes the absence for.
    if (account_.signature_method == config::SignatureMethod::hmac_sha256)
        set("SignatureMethod", "HmacSHA256");

    const Secret text = api2_string_to_sign("POST", host, path, parameters);
    set("Signature", api2_signature(account_.signature_method, credentials.secret_key, text.reveal()));
    return parameters;
}

void Api2Caller::learn_server_time(const HttpResponse& response) {
    if (!response.date) return;
    const std::optional<WallTime> server = parse_http_date(*response.date);
    if (!server) return;
    const Duration offset = *server - clock_.now();
    if (offset <= offset_max && offset >= -offset_max) clock_offset_ = offset;
}

}  // namespace certferry
