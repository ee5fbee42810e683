// SPDX-License-Identifier: MIT
#include "cloud/api_envelope.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

Result<ApiReply> read(std::string_view body, int status = 200, config::Api generation = config::Api::v2) {
    HttpResponse response;
    response.status = status;
    response.body = Secret(body);
    return read_api_reply(response, generation);
}

Result<ApiReply> read3(std::string_view body) {
    return read(body, 200, config::Api::v3);
}

TEST_CASE("the code may be a number or a string, the message may be called msg, the RequestId be a number") {
    const auto number = read(R"({"code":4000,"message":"(100004)projectId \u4e0d","codeDesc":"Invalid"})");
    REQUIRE(number.has_value());
    CHECK(number->words.code == "4000");
    CHECK(number->words.message == "(100004)projectId 不");
    CHECK(number->reason == "Invalid");
    CHECK(!number->succeeded);

    const auto text = read(R"({"code":"5100","msg":"later","requestId":12345})");
    REQUIRE(text.has_value());
    CHECK(text->words.code == "5100");
    CHECK(text->words.message == "later");
    CHECK(text->words.request_id.str() == "12345");

    const auto bare = read(R"({"code":"0","requestId":"a-b"})");
    REQUIRE(bare.has_value());
    CHECK(bare->succeeded);
    CHECK(bare->words.request_id.str() == "a-b");
}

TEST_CASE("all of an answer is in memory that is wiped: it may lend keys") {
    const auto lent = read3(R"({"Response":{"Credentials":{"Token":"a token"},"RequestId":"r-1"}})");
    REQUIRE(lent.has_value());
    const boost::json::value& token = lent->body.at("Credentials").at("Token");
    CHECK(token == "a token");
    CHECK(lent->body.storage() == wiping_memory());
    CHECK(token.storage() == wiping_memory());

    const auto old = read(R"({"code":0,"data":{"key":"a key"}})");
    REQUIRE(old.has_value());
    CHECK(old->body.at("data").at("key").storage() == wiping_memory());
}

TEST_CASE("an error in the shape of API 3.0 is understood") {
    const auto answer =
        read(R"({"Response":{"Error":{"Code":"ActionOffline","Message":"bye"},"RequestId":"r-1"}})");
    REQUIRE(answer.has_value());
    CHECK(!answer->succeeded);
    CHECK(answer->words.code == "ActionOffline");
    CHECK(answer->words.message == "bye");
    CHECK(answer->words.request_id.str() == "r-1");
}

TEST_CASE("a yes of API 3.0 has no Error, and a body") {
    for (const char* body : {R"({"Response":{"RequestId":"r-1","TaskId":7}})",
                             R"({"Response":{"Error":null,"RequestId":"r-1","TaskId":7}})"}) {
        CAPTURE(body);
        const auto answer = read3(body);
        REQUIRE(answer.has_value());
        CHECK(answer->succeeded);
        CHECK(answer->words.request_id.str() == "r-1");
        CHECK(answer->body.at("TaskId") == 7);
        CHECK(answer->warning.empty());
    }
    const auto deprecated = read3(R"({"Response":{"DeprecatedWarning":"use another","RequestId":"r-1"}})");
    REQUIRE(deprecated.has_value());
    CHECK(deprecated->warning == "use another");
}

TEST_CASE("an error in the shape of API 2.0 is understood from a host of API 3.0, and a yes is not") {
    const auto answer = read3(R"({"code":"4100","message":"no","codeDesc":"AuthFailure"})");
    REQUIRE(answer.has_value());
    CHECK(!answer->succeeded);
    CHECK(answer->words.code == "4100");
    CHECK(answer->reason == "AuthFailure");

    CHECK(read3(R"({"code":0})").error().code() == Errc::answer_malformed);
    CHECK(read3(R"({})").error().code() == Errc::answer_malformed);
    CHECK(read3(R"({"Response":null})").error().code() == Errc::answer_malformed);
    CHECK(read3(R"({"Response":{"Error":"no"}})").error().code() == Errc::answer_malformed);
    CHECK(read3(R"({"Response":{"Error":{}}})").error().code() == Errc::answer_malformed);
}

TEST_CASE("what is no answer of the API says so") {
    std::string deep(100000, '[');
    for (const std::string& body :
         {std::string(), std::string("not json"), std::string("[]"), std::string("{}"),
          std::string(R"({"code":null})"), std::string(R"({"code":"zero"})"), std::string(R"({"code":{}})"),
          std::string(R"({"Response":{"RequestId":"r"}})"),
          std::string(R"({"Response":{"Error":{"Code":"0"}}})"), deep,
          std::string("{\"code\":0,\"message\":\"\xff\"}")}) {
        CAPTURE(body.substr(0, 40));
        const auto answer = read(body);
        REQUIRE(!answer);
        CHECK(answer.error().code() == Errc::answer_malformed);
    }
    CHECK(read(" <!doctype html>").error().message() == "the answer is a web page, not JSON");
}

TEST_CASE("an HTTP status other than 200 counts before the body") {
    const std::string yes = R"({"code":0})";
    CHECK(read(yes, 502).error().code() == Errc::api_internal);
    CHECK(read(yes, 502).error().message() == "the answer is HTTP 502");
    CHECK(read(yes, 429).error().code() == Errc::api_throttled);
    CHECK(read(yes, 302).error().code() == Errc::answer_malformed);
}

TEST_CASE("the API's words are bounded and hold no control characters") {
    const auto answer = read(R"({"code":1,"message":"a\u001b[31m\nb","codeDesc":")" + std::string(9999, 'x') +
                             R"(","requestId":")" + std::string(9999, 'y') + "\"}");
    REQUIRE(answer.has_value());
    CHECK(answer->words.message == "a [31m b");
    CHECK(answer->reason.size() == 128);
    CHECK(answer->words.request_id.str().size() == 128);

    // 3 bytes a character: the cut is between two of them.
    std::string chinese;
    for (int count = 0; count < 200; ++count) chinese += "不";
    CHECK(read(R"({"code":1,"message":")" + chinese + "\"}")->words.message.size() == 498);
}

}  // namespace
}  // namespace certferry
