// SPDX-License-Identifier: MIT
#include "cloud/api_caller.hpp"

#include "cloud/api_errors.hpp"
#include "cloud/api_time.hpp"
#include "cloud/echo.hpp"
#include "cloud/url.hpp"

#include <fmt/format.h>

namespace certferry {
namespace {

/// A server that is further off than this is not worth following.
constexpr Duration offset_max = std::chrono::hours(24);

bool failed_as(const Result<ApiReply>& reply, Errc code) {
    return !reply && reply.error().code() == code;
}

// Why the credentials at hand do not serve, and why there are no others. Where others may be there in a
// moment, it must not wait for as long as a person takes.
Error with_no_others(const Error& refusal, const Error& lack) {
    const Errc code = lack.code() == Errc::unreachable ? Errc::unreachable : refusal.code();
    const Error both(code, fmt::format("{}; {}", refusal.message(), lack.message()));
    return both.with_api(refusal.api() ? *refusal.api() : ApiAnswer())
        .with_remedy(std::string(lack.remedy()));
}

/// What says neither yes nor no.
bool leaves_open(Errc code) {
    return code == Errc::answer_malformed || code == Errc::read_failed || code == Errc::api_internal;
}

Error judged(const Error& error, Effect effect) {
    const bool open = effect == Effect::changes && leaves_open(error.code());
    return open ? error.as(Errc::answer_lost) : error;
}

std::vector<Secret> secrets_of(const SignedRequest& request, const Credentials& credentials) {
    std::vector<Secret> secrets = request.secrets;
    secrets.push_back(credentials.secret_key);
    secrets.push_back(credentials.token);
    return secrets;
}

void forget_echoes(ApiReply& reply, const std::vector<Secret>& secrets) {
    reply.words.code = without_echo(reply.words.code, secrets);
    reply.words.message = without_echo(reply.words.message, secrets);
    reply.words.request_id = RequestId(without_echo(reply.words.request_id.str(), secrets));
    reply.reason = without_echo(reply.reason, secrets);
    reply.warning = without_echo(reply.warning, secrets);
}

Result<ApiReply> read(const HttpResponse& response, config::Api generation,
                      const std::vector<Secret>& secrets) {
    Result<ApiReply> reply = read_api_reply(response, generation);
    if (!reply) return reply;
    forget_echoes(*reply, secrets);
    if (!reply->succeeded) return api_error(*reply, generation);
    return reply;
}

// Who broke off has not learnt whether the server would have answered.
void note_silence(Pace::Pass& pass, const Error& error) {
    if (error.code() != Errc::interrupted) pass.unanswered(error);
}

}  // namespace

ApiCaller::ApiCaller(config::Account account, ApiPorts ports) : account_(std::move(account)), ports_(ports) {}

Awaitable<Result<ApiReply>> ApiCaller::call(const ApiCall& call, WallTime served_until) {
    Result<ApiReply> reply = co_await call_with_care(call, served_until);
    if (!reply) co_return judged(reply.error(), call.effect()).within(call.action());
    heed_warning(call, *reply);
    co_return reply;
}

Awaitable<Result<ApiReply>> ApiCaller::call_with_care(const ApiCall& call, WallTime served_until) {
    Result<Credentials> credentials = co_await ports_.credentials.current();
    if (!credentials) co_return credentials.error();

    Result<ApiReply> reply = co_await send(call, *credentials, served_until);
    if (failed_as(reply, Errc::api_clock_skew)) reply = co_await send(call, *credentials, served_until);
    if (!failed_as(reply, Errc::api_credentials)) co_return reply;

    const Error refusal = reply.error().within("credentials from " + credentials->source);
    ports_.credentials.forget(*credentials);
    Result<Credentials> renewed = co_await ports_.credentials.current();
    if (!renewed) co_return with_no_others(refusal, renewed.error());
    if (same_keys(*credentials, *renewed)) co_return refusal;
    co_return co_await send(call, *renewed, served_until);
}

Awaitable<Result<ApiReply>> ApiCaller::send(const ApiCall& call, const Credentials& credentials,
                                            WallTime served_until) {
    Result<Pace::Pass> pass = co_await ports_.pace.admit(call.action(), served_until);
    if (!pass) co_return pass.error();
    const SteadyTime sent = ports_.clock.steady_now();
    Result<ApiReply> reply = co_await exchange(call, credentials, *pass);
    ApiExchange told{account_.name, call.action(), std::nullopt, ports_.clock.steady_now() - sent};
    if (!reply) told.failure = reply.error().code();
    ports_.meter.note(told);
    co_return reply;
}

Awaitable<Result<ApiReply>> ApiCaller::exchange(const ApiCall& call, const Credentials& credentials,
                                                Pace::Pass& pass) {
    const auto now = std::chrono::floor<std::chrono::seconds>(ports_.clock.now() + clock_offset_);
    const Signing signing{account_, credentials, now, ports_.random};
    SignedRequest request = call.request(signing);
    const std::string place(url_authority(request.http.url));
    const std::vector<Secret> secrets = secrets_of(request, credentials);
    Result<HttpResponse> response = co_await ports_.http.fetch(std::move(request.http));
    if (!response) {
        note_silence(pass, response.error());
        co_return response.error();
    }

    Result<ApiReply> reply = read(*response, call.generation(), secrets);
    if (failed_as(reply, Errc::api_throttled))
        pass.throttled();
    else
        pass.answered();
    if (failed_as(reply, Errc::api_clock_skew)) learn_server_time(*response);
    if (!reply) co_return reply.error().within(place);
    co_return reply;
}

void ApiCaller::learn_server_time(const HttpResponse& response) {
    if (!response.date) return;
    const std::optional<WallTime> server = parse_http_date(*response.date);
    if (!server) return;
    const Duration offset = *server - ports_.clock.now();
    if (offset <= offset_max && offset >= -offset_max) clock_offset_ = offset;
}

void ApiCaller::heed_warning(const ApiCall& call, const ApiReply& reply) {
    if (reply.warning.empty() || !deprecated_.insert(call.action()).second) return;
    ports_.log.write(LogLevel::warning, "cloud.deprecated",
                     {{"account", account_.name.str()},
                      {"action", call.action()},
                      {"message", reply.warning},
                      {"request_id", reply.words.request_id.str()}});
}

}  // namespace certferry
