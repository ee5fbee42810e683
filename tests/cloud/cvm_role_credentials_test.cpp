// SPDX-License-Identifier: MIT
#include "cloud/cvm_role_credentials.hpp"

#include "cloud/replies_in_turn.hpp"
#include "support/run.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

using tests::RepliesInTurn;
using tests::run;

const std::string url = "http://metadata.tencentyun.com/latest/meta-data/cam/security-credentials/";
const std::string lent = R"({"TmpSecretId":"AKIDtmp","TmpSecretKey":"hunter2","ExpiredTime":1700007200,)"
                         R"("Expiration":"2023-11-15T00:13:20Z","Token":"t0ken","Code":"Success"})";

Result<Credentials> look(Http& http, const config::CvmRoleCredentials& cvm = {},
                         const config::Endpoint& endpoint = {}) {
    CvmRolePlace place(cvm, endpoint, http);
    return run(place.look());
}

TEST_CASE("the service names the role and lends its credentials") {
    RepliesInTurn http;
    http.add(200, "CVM_QCSRole\n");
    http.add(200, lent);
    const auto found = look(http);
    REQUIRE(found.has_value());
    CHECK(found->secret_id == "AKIDtmp");
    CHECK(found->secret_key.reveal() == "hunter2");
    CHECK(found->token.reveal() == "t0ken");
    CHECK(found->expires == WallTime(std::chrono::seconds(1700007200)));
    CHECK(found->source == "the CVM's role CVM_QCSRole");

    REQUIRE(http.requests().size() == 2);
    CHECK(http.requests()[0].url == url);
    CHECK(http.requests()[1].url == url + "CVM_QCSRole");
    for (const HttpRequest& request : http.requests()) {
        CHECK(request.method == Method::get);
        CHECK(request.plain_http);
        CHECK(request.timeout.total <= std::chrono::seconds(3));
    }
}

TEST_CASE("a role that is configured is not asked for, and the service may be elsewhere") {
    RepliesInTurn http;
    http.add(200, lent);
    config::Endpoint endpoint;
    endpoint.metadata = "http://127.0.0.1:8080";
    REQUIRE(look(http, {"mine"}, endpoint).has_value());
    CHECK(http.requests().at(0).url ==
          "http://127.0.0.1:8080/latest/meta-data/cam/security-credentials/mine");
}

TEST_CASE("a machine without the role is told how to bind one") {
    RepliesInTurn http;
    http.add(404, "");
    http.add(404, "");
    const auto none = look(http);
    REQUIRE(none.has_error());
    CHECK(none.error().code() == Errc::credentials_missing);
    CHECK(describe(none.error())
              .starts_with("metadata.tencentyun.com: this CVM has no role bound. Bind the role to it"));
    CHECK(look(http, {"mine"}).error().message() ==
          "metadata.tencentyun.com: this CVM has no role mine bound");
}

TEST_CASE("what is no answer of the service is named, and nothing of it repeated") {
    struct Case {
        int status;
        const char* body;
        Errc code;
    };
    const Case cases[] = {
        {500, "hunter2", Errc::api_internal},
        {302, "", Errc::answer_malformed},
        {200, "<html>hunter2</html>", Errc::answer_malformed},
        {200, R"(["hunter2"])", Errc::answer_malformed},
        {200, R"({"Code":"hunter2"})", Errc::api_internal},
        {200, R"({"TmpSecretId":"a","TmpSecretKey":"hunter2","Token":"t"})", Errc::answer_malformed},
        {200, R"({"TmpSecretId":"a","TmpSecretKey":"hunter2","Token":"t","ExpiredTime":"soon"})",
         Errc::answer_malformed},
        // In milliseconds; and what no clock can count.
        {200, R"({"TmpSecretId":"a","TmpSecretKey":"hunter2","Token":"t","ExpiredTime":1700007200000})",
         Errc::answer_malformed},
        {200, R"({"TmpSecretId":"a","TmpSecretKey":"hunter2","Token":"t","ExpiredTime":9223372036854775807})",
         Errc::answer_malformed},
        {200, R"({"TmpSecretId":"a","TmpSecretKey":"hunter2","ExpiredTime":1700007200})",
         Errc::answer_malformed},
    };
    for (const Case& one : cases) {
        CAPTURE(one.body);
        RepliesInTurn http;
        http.add(one.status, one.body);
        const auto found = look(http, {"mine"});
        REQUIRE(found.has_error());
        CHECK(found.error().code() == one.code);
        CHECK(found.error().message().starts_with("metadata.tencentyun.com: "));
        CHECK(found.error().message().find("hunter2") == std::string::npos);
    }
    RepliesInTurn http;
    http.add(200, "<html>");
    CHECK(look(http).error().code() == Errc::answer_malformed);
}

}  // namespace
}  // namespace certferry
