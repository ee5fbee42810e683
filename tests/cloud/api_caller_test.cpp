// SPDX-License-Identifier: MIT
#include "cloud/api_caller.hpp"

#include "cloud/api2_request.hpp"
#include "cloud/api3_request.hpp"
#include "cloud/api_world.hpp"
#include "cloud/circuit_breaker.hpp"
#include "support/simulated_loop.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace tests;

const std::string yes = R"({"code":0,"message":"","codeDesc":"Success"})";
const std::string refused_clock = R"({"code":4500,"message":"replay"})";
const std::string refused_signature = R"({"code":4100,"message":"no","codeDesc":"AuthFailure"})";

Result<ApiReply> call(ApiWorld& world, Effect effect = Effect::reads) {
    ApiCaller caller(world.account, world.ports);
    Api2Call call(Api2Service::lb, "DoIt", effect);
    call.set("item", "a b+c");
    return run(caller.call(call, WallTime()));
}

void expect(ApiWorld& world, Result<HttpResponse> reply) {
    world.http.expect("DoIt", {{"item", "a b+c"}}, std::move(reply));
}

std::string signature_of(const Parameters& sent, config::SignatureMethod method, const std::string& host,
                         const std::string& key) {
    Api2Parameters parameters;
    for (const auto& [name, value] : sent)
        if (name != "Signature") parameters[name] = Secret(value);
    const Secret text = api2_string_to_sign("POST", host, "/v2/index.php", parameters);
    return api2_signature(method, Secret(key), text.reveal());
}

TEST_CASE("a call is a signed form, posted to the action's host") {
    ApiWorld world;
    expect(world, answer(yes));
    REQUIRE(call(world).has_value());

    const HttpRequest& request = world.http.requests().at(0);
    CHECK(request.url == "https://lb.api.qcloud.com/v2/index.php");
    CHECK(request.headers == std::vector<std::string>{"Content-Type: application/x-www-form-urlencoded"});
    Parameters sent = world.sent(0);
    CHECK(sent.at("Region") == "ap-shanghai");
    CHECK(sent.at("Timestamp") == "1700000000");
    CHECK(sent.at("SecretId") == "AKIDtest");
    CHECK(sent.at("SignatureMethod") == "HmacSHA256");
    CHECK(sent.count("Token") == 0);
    CHECK(sent.at("Signature") ==
          signature_of(sent, config::SignatureMethod::hmac_sha256, "lb.api.qcloud.com", "key of AKIDtest"));
}

TEST_CASE("HmacSHA1 is signed with and not named") {
    ApiWorld world;
    world.account.signature_method = config::SignatureMethod::hmac_sha1;
    expect(world, answer(yes));
    REQUIRE(call(world).has_value());

    const Parameters sent = world.sent(0);
    CHECK(sent.count("SignatureMethod") == 0);
    CHECK(sent.at("Signature") ==
          signature_of(sent, config::SignatureMethod::hmac_sha1, "lb.api.qcloud.com", "key of AKIDtest"));
}

TEST_CASE("the token of temporary credentials is sent and signed") {
    ApiWorld world;
    world.source.turns = {credentials("AKIDtemporary", "a token")};
    expect(world, answer(yes));
    REQUIRE(call(world).has_value());

    const Parameters sent = world.sent(0);
    CHECK(sent.at("Token") == "a token");
    CHECK(sent.at("Signature") == signature_of(sent, config::SignatureMethod::hmac_sha256,
                                               "lb.api.qcloud.com", "key of AKIDtemporary"));
}

TEST_CASE("at another endpoint, its host is signed without the port") {
    ApiWorld world;
    world.account.endpoint.lb = "https://sandbox.test:8443";
    world.account.ca_file = "/ca.pem";
    world.account.timeout.total = std::chrono::seconds(7);
    expect(world, answer(yes));
    REQUIRE(call(world).has_value());

    const HttpRequest& request = world.http.requests().at(0);
    CHECK(request.url == "https://sandbox.test:8443/v2/index.php");
    CHECK(request.ca_file == "/ca.pem");
    CHECK(request.timeout.total == std::chrono::seconds(7));
    const Parameters sent = world.sent(0);
    CHECK(sent.at("Signature") ==
          signature_of(sent, config::SignatureMethod::hmac_sha256, "sandbox.test", "key of AKIDtest"));
}

TEST_CASE("no two requests have the same nonce") {
    ApiWorld world;
    expect(world, answer(refused_clock));
    expect(world, answer(yes));
    REQUIRE(call(world).has_value());
    CHECK(world.sent(0).at("Nonce") != world.sent(1).at("Nonce"));
}

TEST_CASE("a clock that is off is corrected by the server's Date, and stays corrected") {
    ApiWorld world;
    ApiCaller caller(world.account, world.ports);
    Api2Call call(Api2Service::lb, "DoIt", Effect::changes);
    world.http.expect("DoIt", {}, answer_at(refused_clock, "Tue, 14 Nov 2023 23:13:20 GMT"));
    world.http.expect("DoIt", {}, answer(yes));
    world.http.expect("DoIt", {}, answer(yes));

    REQUIRE(run(caller.call(call, WallTime())).has_value());
    CHECK(world.sent(1).at("Timestamp") == "1700003600");
    world.clock.advance(std::chrono::seconds(10));
    REQUIRE(run(caller.call(call, WallTime())).has_value());
    CHECK(world.sent(2).at("Timestamp") == "1700003610");
}

TEST_CASE("a server that is more than a day off is not followed") {
    ApiWorld world;
    expect(world, answer_at(refused_clock, "Tue, 14 Nov 2028 23:13:20 GMT"));
    expect(world, answer_at(refused_clock, "Tue, 14 Nov 2028 23:13:20 GMT"));
    const auto answer = call(world);
    REQUIRE(!answer);
    CHECK(answer.error().code() == Errc::api_clock_skew);
    CHECK(world.sent(1).at("Timestamp") == "1700000000");
}

TEST_CASE("refused credentials are read again, and new ones are tried once") {
    for (const char* code : {"4100", "4104", "4105"}) {
        CAPTURE(code);
        ApiWorld world;
        world.source.turns = {credentials("AKIDold"), credentials("AKIDnew")};
        const std::string refusal = std::string(R"({"code":)") + code + R"(,"message":"no"})";
        expect(world, answer(refusal));
        expect(world, answer(yes));
        CHECK(call(world, Effect::changes).has_value());
        CHECK(world.sent(0).at("SecretId") == "AKIDold");
        CHECK(world.sent(1).at("SecretId") == "AKIDnew");
    }
}

TEST_CASE("new credentials that are refused too are the end of it") {
    ApiWorld world;
    world.source.turns = {credentials("AKIDold"), credentials("AKIDnew"), credentials("AKIDnewer")};
    expect(world, answer(refused_signature));
    expect(world, answer(refused_signature));
    const auto answer = call(world);
    REQUIRE(!answer);
    CHECK(answer.error().code() == Errc::api_credentials);
}

TEST_CASE("refused credentials without others are not tried again, and their source is named") {
    ApiWorld world;
    expect(world, answer(refused_signature));
    const auto answer = call(world);
    REQUIRE(!answer);
    CHECK(answer.error().message() ==
          "DoIt: credentials from the test: lb.api.qcloud.com: the API refuses the signature (AuthFailure)");
}

TEST_CASE("refused credentials whose renewal fails are told with both reasons") {
    const Error none(Errc::credentials_missing, "no credentials: /etc/x: No such file or directory");
    const Error blip(Errc::unreachable, "no credentials: metadata.test: no answer within 3s");
    for (const auto& [lack, code] :
         {std::pair(none, Errc::api_credentials), std::pair(blip, Errc::unreachable)}) {
        ApiWorld world;
        world.source.turns = {credentials("AKIDold"), lack};
        expect(world, answer(refused_signature));
        const auto refused = call(world, Effect::changes);
        REQUIRE(!refused);
        CHECK(refused.error().code() == code);
        CHECK(refused.error().message() ==
              "DoIt: credentials from the test: lb.api.qcloud.com: the API refuses the signature "
              "(AuthFailure); " +
                  lack.message());
        CHECK(refused.error().api()->code == "4100");
        CHECK(refused.error().remedy() == lack.remedy());
    }
}

TEST_CASE("what leaves open whether it happened is ambiguous for a change, and not for a read") {
    const std::vector<std::pair<Result<HttpResponse>, Errc>> cases = {
        {Error(Errc::read_failed, "cut off"), Errc::read_failed},
        {status(502, "<html>Bad Gateway</html>"), Errc::api_internal},
        {status(302), Errc::answer_malformed},
        {answer("<html>welcome</html>"), Errc::answer_malformed},
        {answer(R"({"code":)"), Errc::answer_malformed},
        {answer(R"({"code":6000,"message":"inner","requestId":7})"), Errc::api_internal},
    };
    for (const auto& sample : cases) {
        const Result<HttpResponse>& reply = sample.first;
        const Errc as_read = sample.second;
        CAPTURE(traits(as_read).label);
        ApiWorld world;
        expect(world, reply);
        expect(world, reply);
        const auto read = call(world, Effect::reads);
        REQUIRE(!read);
        CHECK(read.error().code() == as_read);
        const auto change = call(world, Effect::changes);
        REQUIRE(!change);
        CHECK(change.error().code() == Errc::answer_lost);
    }
}

TEST_CASE("an ambiguous failure keeps the API's own words") {
    ApiWorld world;
    expect(world, answer(R"({"code":6000,"message":"inner","requestId":7})"));
    const auto change = call(world, Effect::changes);
    REQUIRE(!change);
    CHECK(describe(change.error()).find("[API code 6000: inner] [RequestId 7]") != std::string::npos);
}

TEST_CASE("a definite refusal of a change stays what it is") {
    const std::vector<std::pair<Result<HttpResponse>, Errc>> cases = {
        {Error(Errc::unreachable, "connection refused"), Errc::unreachable},
        {Error(Errc::tls_untrusted, "self-signed"), Errc::tls_untrusted},
        {answer(R"({"code":"5000","message":"gone"})"), Errc::api_not_found},
        {answer(R"({"code":4400})"), Errc::api_throttled},
        {status(429), Errc::api_throttled},
    };
    for (const auto& sample : cases) {
        const Errc code = sample.second;
        CAPTURE(traits(code).label);
        ApiWorld world;
        expect(world, sample.first);
        const auto change = call(world, Effect::changes);
        REQUIRE(!change);
        CHECK(change.error().code() == code);
    }
}

TEST_CASE("what the API repeats of a call's secrets is not in the error") {
    ApiWorld world;
    world.source.turns = {credentials("AKID", "token-0123456789-0123456789")};
    world.source.turns.front()->secret_key = Secret("secret-key-0123456789-abcdef");
    const std::string pem_line = "MIIEpAIBAAKCAQEA0123456789abcdefghijklmnopqrstuvwxyz";
    const std::string words =
        pem_line + ", secret-key-0123456789-abcdef, token-0123456789-0123456789, certferry-www-0123456789ab";
    world.http.expect("DoIt",
                      {{"newCertKey", pem_line}, {"key", ""}, {"newCertName", "certferry-www-0123456789ab"}},
                      answer(R"({"code":4000,"message":")" + words + R"(","codeDesc":"no )" + pem_line +
                             R"(","requestId":"r-1"})"));
    ApiCaller caller(world.account, world.ports);
    Api2Call call(Api2Service::lb, "DoIt", Effect::changes);
    call.set_secret("newCertKey", Secret(pem_line));
    call.set("key", "");
    call.set("newCertName", "certferry-www-0123456789ab");
    const auto refused = run(caller.call(call, WallTime()));
    REQUIRE(!refused);
    CHECK(refused.error().message() == "DoIt: lb.api.qcloud.com: the API refuses a parameter (no [...])");
    CHECK(refused.error().api()->message == "[...], [...], [...], certferry-www-0123456789ab");
    CHECK(refused.error().api()->request_id.str() == "r-1");
    CHECK(refused.error().api()->code == "4000");
}

// ---- the pace

/// Http that says yes after a while, or what it is told, and keeps the order in which it was asked.
class SlowHttp final : public Http {
public:
    explicit SlowHttp(SimulatedLoop& loop) : loop_(loop) {}

    Awaitable<Result<HttpResponse>> fetch(HttpRequest request) override {
        asked.push_back(decode_form(request.body.reveal()).at("item"));
        moments.push_back(loop_.steady_now());
        co_await loop_.sleep_until(loop_.steady_now() + std::chrono::milliseconds(50));
        co_return reply;
    }

    Result<HttpResponse> reply = answer(yes);
    std::vector<std::string> asked;
    std::vector<SteadyTime> moments;

private:
    SimulatedLoop& loop_;
};

struct PacedWorld {
    explicit PacedWorld(double per_second = 1.0) : pace(loop.executor(), loop, per_second) {}

    void start(const std::string& item, Duration left = std::chrono::hours(24)) {
        loop.spawn(make(item, loop.now() + left));
        loop.settle();
    }
    Awaitable<void> make(std::string item, WallTime served_until) {
        Api2Call call(Api2Service::lb, "DoIt", Effect::reads);
        call.set("item", item);
        Result<ApiReply> reply = co_await caller.call(call, served_until);
        if (!reply) failures.push_back(reply.error());
    }

    SimulatedLoop loop{WallTime(std::chrono::seconds(1700000000))};
    SlowHttp http{loop};
    CredentialsInTurn source;
    SeededRandom random{1};
    RecordedLog log;
    RecordedMeter meter;
    Pace pace;
    ApiCaller caller{config::Account(), ApiPorts(http, source, pace, loop, random, log, meter)};
    std::vector<Error> failures;
};

TEST_CASE("calls that wait for the pace are made by urgency, one a turn") {
    PacedWorld world;
    for (const int days : {90, 30, 1, 7}) world.start(std::to_string(days), std::chrono::hours(24 * days));
    world.loop.pass(std::chrono::minutes(1));
    CHECK(world.http.asked == std::vector<std::string>{"90", "1", "7", "30"});
    REQUIRE(world.http.moments.size() == 4);
    for (std::size_t at = 1; at < 4; ++at)
        CHECK(world.http.moments[at] - world.http.moments[at - 1] >= std::chrono::seconds(1));
}

TEST_CASE("an answer that there are too many requests slows the pace down") {
    PacedWorld world;
    world.http.reply = answer(R"({"code":4400,"message":"slower"})");
    world.start("first");
    world.loop.pass(std::chrono::seconds(10));
    world.http.reply = answer(yes);
    for (const char* item : {"second", "third"}) world.start(item);
    world.loop.pass(std::chrono::minutes(1));
    REQUIRE(world.http.moments.size() == 3);
    CHECK(world.http.moments[2] - world.http.moments[1] > std::chrono::seconds(1));
    REQUIRE(world.meter.exchanges.size() == 3);
    CHECK(world.meter.exchanges[0].action == "DoIt");
    CHECK(world.meter.exchanges[0].failure == Errc::api_throttled);
    CHECK_FALSE(world.meter.exchanges[2].failure.has_value());
}

TEST_CASE("an endpoint that does not answer is left alone, and one that refuses has answered") {
    PacedWorld world(100);
    world.http.reply = Error(Errc::read_failed, "no answer within 30s");
    const auto call_in_turn = [&](unsigned count) {
        for (unsigned number = 0; number < count; ++number) {
            world.start("x");
            world.loop.pass(std::chrono::milliseconds(100));
        }
    };
    call_in_turn(CircuitBreaker::unanswered_max - 1);
    world.http.reply = answer(R"({"code":5000,"message":"gone"})");
    call_in_turn(1);
    world.http.reply = Error(Errc::read_failed, "no answer within 30s");
    call_in_turn(CircuitBreaker::unanswered_max);
    const std::size_t sent = world.http.asked.size();
    CHECK(sent == 2 * CircuitBreaker::unanswered_max);

    call_in_turn(3);
    CHECK(world.http.asked.size() == sent);
    CHECK(world.failures.back().code() == Errc::unreachable);
    CHECK(world.failures.back().message().find("no answer within 30s") != std::string::npos);
}

TEST_CASE("a call that was given up says nothing about the endpoint") {
    PacedWorld world(100);
    world.http.reply = Error(Errc::interrupted, "given up before the end");
    for (unsigned number = 0; number < 2 * CircuitBreaker::unanswered_max; ++number) {
        world.start("x");
        world.loop.pass(std::chrono::seconds(1));
    }
    CHECK(world.http.asked.size() == 2 * CircuitBreaker::unanswered_max);
}

// ---- API 3.0

const std::string yes3 = R"({"Response":{"RequestId":"r-1"}})";

std::string no3(const std::string& code, const std::string& message = "no") {
    return R"({"Response":{"Error":{"Code":")" + code + R"(","Message":")" + message +
           R"("},"RequestId":"r-2"}})";
}

Result<ApiReply> call3(ApiWorld& world, Effect effect = Effect::reads) {
    ApiCaller caller(world.account, world.ports);
    const Api3Call call(Api3Service::clb, "DoIt", effect);
    return run(caller.call(call, WallTime()));
}

TEST_CASE("a call of API 3.0 is treated with the same care") {
    ApiWorld world;
    world.source.turns = {credentials("AKIDold"), credentials("AKIDnew")};
    world.http.expect3("DoIt", "", {},
                       answer_at(no3("AuthFailure.SignatureExpire"), "Tue, 14 Nov 2023 23:13:20 GMT"));
    world.http.expect3("DoIt", "", {}, answer(no3("AuthFailure.TokenFailure")));
    world.http.expect3("DoIt", "", {}, answer(yes3));
    REQUIRE(call3(world, Effect::changes).has_value());
    CHECK(headers_of(world.http.requests().at(1)).at("X-TC-Timestamp") == "1700003600");
    CHECK(headers_of(world.http.requests().at(2)).at("Authorization").find("AKIDnew/") != std::string::npos);
}

TEST_CASE("a change through API 3.0 whose answer is open is ambiguous") {
    for (const auto& reply :
         {answer(no3("InternalError.Sub")), answer("<html>"), answer(R"({"code":0})"), status(504)}) {
        CAPTURE(reply.body.reveal());
        ApiWorld world;
        world.http.expect3("DoIt", "", {}, reply);
        const auto change = call3(world, Effect::changes);
        REQUIRE(!change);
        CHECK(change.error().code() == Errc::answer_lost);
    }
}

TEST_CASE("what API 3.0 repeats of a call's secrets is not in the error") {
    ApiWorld world;
    world.source.turns = {credentials("AKID", "token-0123456789-0123456789")};
    world.source.turns.front()->secret_key = Secret("secret-key-0123456789-abcdef");
    const std::string pem_line = "MIIEpAIBAAKCAQEA0123456789abcdefghijklmnopqrstuvwxyz";
    world.http.expect3("DoIt", "", {{"CertKey", pem_line}},
                       answer(no3("InvalidParameter", pem_line + ", secret-key-0123456789-abcdef, "
                                                                 "token-0123456789-0123456789")));
    ApiCaller caller(world.account, world.ports);
    Api3Call call(Api3Service::clb, "DoIt", Effect::changes);
    call.set_secret(call.body(), "CertKey", Secret(pem_line));
    const auto refused = run(caller.call(call, WallTime()));
    REQUIRE(!refused);
    CHECK(refused.error().api()->message == "[...], [...], [...]");
    CHECK(describe(refused.error()).find("MIIE") == std::string::npos);
}

TEST_CASE("an action that the API calls deprecated is logged once") {
    ApiWorld world;
    world.account.name = AccountName("default");
    for (int count = 0; count < 2; ++count)
        world.http.expect3("DoIt", "", {},
                           answer(R"({"Response":{"DeprecatedWarning":"use another","RequestId":"r-1"}})"));
    ApiCaller caller(world.account, world.ports);
    const Api3Call call(Api3Service::clb, "DoIt", Effect::reads);
    REQUIRE(run(caller.call(call, WallTime())).has_value());
    REQUIRE(run(caller.call(call, WallTime())).has_value());
    CHECK(world.log.lines() ==
          std::vector<std::string>{
              "cloud.deprecated account=default action=DoIt message=use another request_id=r-1"});
}

}  // namespace
}  // namespace certferry
