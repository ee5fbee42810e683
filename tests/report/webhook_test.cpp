// SPDX-License-Identifier: MIT
#include "report/webhook.hpp"

#include "rotate/rotation_world.hpp"
#include "support/answering_http.hpp"
#include "support/scripted_http.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace tests;
using namespace std::chrono_literals;

struct Hook {
    Result<void> deliver(const Message& message) {
        config::Webhook settings;
        settings.url = "https://ops.example.com/told?team=hunter2";
        Webhook webhook(settings, 10s, http, secret, [] { return WallTime(1614265330s); });
        return loop.run(webhook.deliver(message));
    }

    static Message message() {
        Notice trial;
        trial.kind = NoticeKind::trial;
        return {today, "admin-1", {trial}};
    }

    SimulatedLoop loop{today};
    AnsweringHttp http;
    SecretSource secret;
};

TEST_CASE("a webhook posts JSON once, and any 2xx is a yes") {
    Hook hook;
    hook.http.status = 204;
    CHECK(hook.deliver(Hook::message()));
    REQUIRE(hook.http.requests.size() == 1);
    const HttpRequest& request = hook.http.requests[0];
    CHECK(request.method == Method::post);
    CHECK(request.effect == Effect::changes);
    CHECK(request.body.reveal().find(R"("event":"test")") != std::string_view::npos);
    CHECK_FALSE(headers_of(request).contains("webhook-signature"));
}

TEST_CASE("what is refused is a failure that names the host and no more of the address") {
    Hook hook;
    hook.http.status = 500;
    const auto delivered = hook.deliver(Hook::message());
    REQUIRE(delivered.has_error());
    CHECK(delivered.error().code() == Errc::not_delivered);
    CHECK(delivered.error().message() == "ops.example.com answers HTTP 500");
}

TEST_CASE("the same message tried again has the same id, another one has another") {
    Hook hook;
    CHECK(hook.deliver(Hook::message()));
    CHECK(hook.deliver(Hook::message()));
    Message other = Hook::message();
    other.at += 1s;
    CHECK(hook.deliver(other));
    const auto id = [&](std::size_t at) { return headers_of(hook.http.requests.at(at)).at("webhook-id"); };
    CHECK(id(0).starts_with("msg_"));
    CHECK(id(0) == id(1));
    CHECK(id(0) != id(2));
}

TEST_CASE("a signature covers id, time and body, with what is behind the secret's base64") {
    Hook hook;
    hook.secret = [] { return Result<Secret>(Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")); };
    CHECK(hook.deliver(Hook::message()));
    hook.secret = [] { return Result<Secret>(Secret("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")); };
    CHECK(hook.deliver(Hook::message()));
    const Parameters headers = headers_of(hook.http.requests.at(0));
    CHECK(headers.at("webhook-timestamp") == "1614265330");
    CHECK(headers.at("webhook-signature").starts_with("v1,"));
    CHECK(headers.at("webhook-signature").size() == 3 + 44);
    CHECK(headers.at("webhook-signature") == headers_of(hook.http.requests.at(1)).at("webhook-signature"));

    hook.secret = [] { return Result<Secret>(Secret("hunter2 is no base64")); };
    const auto delivered = hook.deliver(Hook::message());
    REQUIRE(delivered.has_error());
    CHECK(describe(delivered.error()).find("hunter2") == std::string::npos);
    CHECK(hook.http.requests.size() == 2);
}

}  // namespace
}  // namespace certferry
