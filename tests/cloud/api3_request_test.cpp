// SPDX-License-Identifier: MIT
#include "cloud/api3_request.hpp"

#include "cloud/api_world.hpp"
#include "cloud/sign_api3.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace tests;

constexpr std::chrono::sys_seconds now{std::chrono::seconds(1700000000)};

HttpRequest request_of(ApiWorld& world, const Api3Call& call,
                       const Credentials& with = credentials("AKIDtest")) {
    const Signing signing{world.account, with, now, world.random};
    return call.request(signing).http;
}

std::string authorization(std::string_view service, std::string_view host, const HttpRequest& request,
                          const Credentials& with = credentials("AKIDtest")) {
    Api3Message message;
    message.service = service;
    message.host = host;
    message.body = request.body.reveal();
    message.time = now;
    return api3_authorization(message, with.secret_id, with.secret_key);
}

TEST_CASE("a call of API 3.0 is signed JSON, posted to the service's host") {
    ApiWorld world;
    Api3Call call(Api3Service::clb, "DoIt", Effect::changes, "ap-shanghai");
    call.body()["Item"] = "a \n/b";
    const HttpRequest request = request_of(world, call);

    CHECK(request.url == "https://clb.tencentcloudapi.com/");
    CHECK(request.effect == Effect::changes);
    CHECK(request.body.reveal() == R"({"Item":"a \n/b"})");
    const Parameters expected = {
        {"Content-Type", "application/json"},
        {"X-TC-Action", "DoIt"},
        {"X-TC-Version", "2018-03-17"},
        {"X-TC-Timestamp", "1700000000"},
        {"X-TC-Region", "ap-shanghai"},
        {"X-TC-Language", "en-US"},
        {"Authorization", authorization("clb", "clb.tencentcloudapi.com", request)},
    };
    CHECK(headers_of(request) == expected);
}

TEST_CASE("the certificate store takes no region and has a version of its own") {
    ApiWorld world;
    const HttpRequest request = request_of(world, Api3Call(Api3Service::ssl, "DoIt", Effect::reads));
    CHECK(request.url == "https://ssl.tencentcloudapi.com/");
    CHECK(request.body.reveal() == "{}");
    const Parameters headers = headers_of(request);
    CHECK(headers.at("X-TC-Version") == "2019-12-05");
    CHECK(headers.count("X-TC-Region") == 0);
    CHECK(headers.at("Authorization") == authorization("ssl", "ssl.tencentcloudapi.com", request));
}

TEST_CASE("the token of temporary credentials is sent apart from what may be shown") {
    ApiWorld world;
    const Credentials temporary = credentials("AKIDtemporary", "a token");
    const HttpRequest request =
        request_of(world, Api3Call(Api3Service::ssl, "DoIt", Effect::reads), temporary);
    CHECK(headers_of(request).at("X-TC-Token") == "a token");
    CHECK(request.secret_headers.size() == 1);
}

TEST_CASE("who has no credentials yet says so and signs nothing") {
    ApiWorld world;
    const HttpRequest request =
        request_of(world, Api3Call(Api3Service::sts, "DoIt", Effect::reads), Credentials());
    const auto headers = headers_of(request);
    CHECK(request.url == "https://sts.tencentcloudapi.com/");
    CHECK(headers.at("X-TC-Version") == "2018-08-13");
    CHECK(headers.at("Authorization") == "SKIP");
}

TEST_CASE("at another endpoint its host is signed without the port, and the service stays") {
    ApiWorld world;
    world.account.endpoint.clb = "https://sandbox.test:8443";
    world.account.ca_file = "/ca.pem";
    world.account.timeout.total = std::chrono::seconds(7);
    const HttpRequest request = request_of(world, Api3Call(Api3Service::clb, "DoIt", Effect::reads));
    CHECK(request.url == "https://sandbox.test:8443/");
    CHECK(request.ca_file == "/ca.pem");
    CHECK(request.timeout.total == std::chrono::seconds(7));
    CHECK(headers_of(request).at("Authorization") == authorization("clb", "sandbox.test", request));
}

TEST_CASE("each site has its hosts, and finance regions have theirs") {
    using config::Site;
    CHECK(api3_endpoint(Site::cn, "ssl", "") == "https://ssl.tencentcloudapi.com");
    CHECK(api3_endpoint(Site::intl, "ssl", "") == "https://ssl.intl.tencentcloudapi.com");
    CHECK(api3_endpoint(Site::intl, "clb", "eu-frankfurt") == "https://clb.intl.tencentcloudapi.com");
    CHECK(api3_endpoint(Site::cn, "clb", "ap-shanghai-fsi") ==
          "https://clb.ap-shanghai-fsi.tencentcloudapi.com");

    ApiWorld world;
    const Api3Call call(Api3Service::clb, "DoIt", Effect::reads, "ap-shenzhen-fsi");
    const HttpRequest request = request_of(world, call);
    CHECK(request.url == "https://clb.ap-shenzhen-fsi.tencentcloudapi.com/");
    CHECK(headers_of(request).at("Authorization") ==
          authorization("clb", "clb.ap-shenzhen-fsi.tencentcloudapi.com", request));
}

TEST_CASE("a long body is sent whole") {
    ApiWorld world;
    const std::string key(10000, 'k');
    Api3Call call(Api3Service::clb, "DoIt", Effect::changes);
    call.set_secret(call.body()["Certificate"].emplace_object(), "CertKey", Secret(key));
    const HttpRequest request = request_of(world, call);
    CHECK(request.body.reveal() == R"({"Certificate":{"CertKey":")" + key + R"("}})");
}

}  // namespace
}  // namespace certferry
