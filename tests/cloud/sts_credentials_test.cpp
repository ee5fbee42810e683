// SPDX-License-Identifier: MIT
#include "cloud/sts_credentials.hpp"

#include "cloud/api_world.hpp"
#include "cloud/replies_in_turn.hpp"
#include "support/fake_files.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace tests;

const std::string lent =
    R"({"Response":{"Credentials":{"Token":"t0ken","TmpSecretId":"AKIDtmp","TmpSecretKey":"hunter2"},)"
    R"("ExpiredTime":1700007200,"Expiration":"2023-11-15T00:13:20Z","RequestId":"r-1"}})";

std::string refusal(const std::string& code, const std::string& message) {
    return R"({"Response":{"Error":{"Code":")" + code + R"(","Message":")" + message +
           R"("},"RequestId":"r-2"}})";
}

const std::string arn = "qcs::cam::uin/100000000001:roleName/certferry";

struct Sts {
    Sts() {
        account.name = AccountName("default");
        account.credentials.role.emplace().arn = arn;
    }

    Result<Credentials> assume() {
        AssumedRolePlace place(account, base, ports);
        return run(loop, place.look());
    }
    Result<Credentials> ask_for_the_pod() {
        const Environment environment = [this](const char* name) {
            const auto found = variables.find(name);
            return found == variables.end() ? nullptr : found->second.c_str();
        };
        OidcPlace place(account, environment, files, ports);
        return run(loop, place.look());
    }
    boost::json::value sent(std::size_t index) const {
        return boost::json::parse(http.requests().at(index).body.reveal());
    }
    bool has_header(const std::string& header) const {
        const auto& headers = http.requests().back().headers;
        return std::find(headers.begin(), headers.end(), header) != headers.end();
    }

    boost::asio::io_context loop;
    config::Account account;
    RepliesInTurn http;
    ManualClock clock{WallTime(std::chrono::seconds(1700000000))};
    SeededRandom random{1};
    RecordedLog log;
    RecordedMeter meter;
    FakeFiles files;
    StsPorts ports{loop.get_executor(), http, clock, random, log, meter};
    std::shared_ptr<CredentialsInTurn> base = std::make_shared<CredentialsInTurn>();
    std::map<std::string, std::string> variables = {{"TKE_REGION", "ap-shanghai"},
                                                    {"TKE_PROVIDER_ID", "cls-1"},
                                                    {"TKE_ROLE_ARN", arn},
                                                    {"TKE_WEB_IDENTITY_TOKEN_FILE", "/run/token"}};
};

void check_lent(const Result<Credentials>& found) {
    REQUIRE(found.has_value());
    CHECK(found->secret_id == "AKIDtmp");
    CHECK(found->secret_key.reveal() == "hunter2");
    CHECK(found->token.reveal() == "t0ken");
    CHECK(found->expires == WallTime(std::chrono::seconds(1700007200)));
}

TEST_CASE_FIXTURE(Sts, "a role is assumed with the credentials that are there") {
    account.credentials.role->external_id = "acme:7";
    account.credentials.role->duration = std::chrono::minutes(30);
    http.add(200, lent);
    const auto found = assume();
    check_lent(found);
    CHECK(found->source == "role " + arn);

    const HttpRequest& request = http.requests().at(0);
    CHECK(request.url == "https://sts.tencentcloudapi.com/");
    CHECK(has_header("X-TC-Action: AssumeRole"));
    CHECK(has_header("X-TC-Region: ap-guangzhou"));
    CHECK(std::any_of(request.headers.begin(), request.headers.end(), [](const std::string& header) {
        return header.starts_with("Authorization: TC3-HMAC-SHA256 Credential=AKIDtest/") &&
               header.find("/sts/tc3_request") != std::string::npos;
    }));
    CHECK(sent(0) == boost::json::value{{"RoleArn", arn},
                                        {"RoleSessionName", "certferry"},
                                        {"DurationSeconds", 1800},
                                        {"ExternalId", "acme:7"}});
}

TEST_CASE_FIXTURE(Sts, "credentials that STS refuses are looked for again before it is asked once more") {
    base->turns.push_back(credentials("AKIDother"));
    http.add(200, refusal("AuthFailure.SecretIdNotFound", "no such id"));
    http.add(200, lent);
    check_lent(assume());
    CHECK(http.requests().size() == 2);
}

TEST_CASE_FIXTURE(Sts, "a role that may not be assumed is told with what it wants") {
    http.add(200, refusal("UnauthorizedOperation", "not you"));
    const auto found = assume();
    REQUIRE(found.has_error());
    CHECK(found.error().code() == Errc::api_forbidden);
    CHECK(found.error().message().starts_with("AssumeRole: sts.tencentcloudapi.com: "));
    CHECK(found.error().remedy().starts_with("allow these credentials the action sts:AssumeRole"));
}

TEST_CASE_FIXTURE(Sts, "a pod's token is read at each look and sent unsigned") {
    http.add(200, lent);
    http.add(200, lent);
    files.write("/run/token", "first.token\n");
    const auto found = ask_for_the_pod();
    check_lent(found);
    CHECK(found->source == "OIDC role " + arn);
    CHECK(has_header("X-TC-Action: AssumeRoleWithWebIdentity"));
    CHECK(has_header("X-TC-Region: ap-shanghai"));
    CHECK(has_header("Authorization: SKIP"));
    CHECK(sent(0) == boost::json::value{{"ProviderId", "cls-1"},
                                        {"WebIdentityToken", "first.token"},
                                        {"RoleArn", arn},
                                        {"RoleSessionName", "certferry"},
                                        {"DurationSeconds", 7200}});
    files.write("/run/token", "second.token");
    check_lent(ask_for_the_pod());
    CHECK(sent(1).at("WebIdentityToken") == "second.token");
}

TEST_CASE_FIXTURE(Sts, "a refusal does not repeat the pod's token") {
    const std::string token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJwb2QifQ";
    files.write("/run/token", token);
    http.add(200, refusal("InvalidParameter.WebIdentityTokenError", "bad token " + token));
    const auto found = ask_for_the_pod();
    REQUIRE(found.has_error());
    CHECK(describe(found.error()).find("bad token [...]") != std::string::npos);
}

TEST_CASE_FIXTURE(Sts, "a machine that is no pod is told from a pod that lacks something") {
    CHECK(ask_for_the_pod().error().code() == Errc::credentials_missing);
    files.write("/run/token", "\n");
    CHECK(ask_for_the_pod().error().message() == "TKE_WEB_IDENTITY_TOKEN_FILE: /run/token: empty");
    variables["TKE_REGION"] = "";
    variables.erase("TKE_PROVIDER_ID");
    CHECK(ask_for_the_pod().error().message() == "OIDC: not set: TKE_REGION, TKE_PROVIDER_ID");
    variables.clear();
    CHECK(ask_for_the_pod().error().code() == Errc::file_missing);
    CHECK(http.requests().empty());
}

TEST_CASE_FIXTURE(Sts, "a yes without credentials is no answer") {
    http.add(200, R"({"Response":{"RequestId":"r-1"}})");
    CHECK(assume().error().code() == Errc::answer_malformed);
}

}  // namespace
}  // namespace certferry
