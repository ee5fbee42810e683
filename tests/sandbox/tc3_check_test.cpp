// SPDX-License-Identifier: MIT
// The vectors were made by running the official SDK; cloud/data/signature-vectors.json says how.
#include "tc3_check.hpp"

#include "support/read_file.hpp"

#include <cctype>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <doctest/doctest.h>

namespace certferry::sandbox {
namespace {

namespace json = boost::json;

std::string text(const json::object& vector, const char* name) {
    return std::string(vector.at(name).as_string());
}

const json::array& vectors() {
    static const json::value parsed = json::parse(tests::read_test_data("cloud/data/signature-vectors.json"));
    return parsed.at("tc3").as_array();
}

HttpCall call_of(const json::object& vector) {
    HttpCall call;
    call.method = text(vector, "method");
    const std::string query = text(vector, "query");
    call.target = query.empty() ? "/" : "/?" + query;
    call.body = Secret(text(vector, "body"));
    for (const auto& header : vector.at("headers").as_object()) {
        std::string name = header.key();
        for (char& letter : name)
            letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
        call.headers[name] = std::string(header.value().as_string());
    }
    call.headers["x-tc-timestamp"] = std::to_string(vector.at("timestamp").as_int64());
    return call;
}

std::chrono::sys_seconds time_of(const json::object& vector) {
    return std::chrono::sys_seconds(std::chrono::seconds(vector.at("timestamp").as_int64()));
}

Keys keys_of(const json::object& vector) {
    Key key;
    key.secret_key = Secret(text(vector, "secret_key"));
    if (vector.at("headers").as_object().contains("X-TC-Token"))
        key.token = Secret(text(vector.at("headers").as_object(), "X-TC-Token"));
    Keys keys;
    keys.set(text(vector, "secret_id"), key);
    return keys;
}

std::string verdict(const HttpCall& call, const json::object& vector, std::chrono::seconds late = {}) {
    const auto refusal = check_tc3(call, text(vector, "service"), keys_of(vector), time_of(vector) + late);
    return refusal ? refusal->code : "";
}

TEST_CASE("every signature of the official SDK is accepted, until five minutes are over") {
    for (const json::value& entry : vectors()) {
        const json::object& vector = entry.as_object();
        CAPTURE(text(vector, "name"));
        const HttpCall call = call_of(vector);
        CHECK(verdict(call, vector) == "");
        CHECK(verdict(call, vector, std::chrono::seconds(300)) == "");
        CHECK(verdict(call, vector, std::chrono::seconds(301)) == "AuthFailure.SignatureExpire");
        CHECK(verdict(call, vector, std::chrono::seconds(-301)) == "AuthFailure.SignatureExpire");
    }
}

TEST_CASE("what was signed cannot be changed") {
    const json::object& vector = vectors().front().as_object();
    const HttpCall genuine = call_of(vector);
    std::vector<HttpCall> forged(4, genuine);
    forged[0].body.append(" ");
    forged[1].headers["content-type"] += "; charset=utf-8";
    forged[2].headers["host"] = "elsewhere.example";
    forged[2].headers["x-tc-timestamp"] = std::to_string(vector.at("timestamp").as_int64() + 1);
    forged[3].target = "/?a=b";
    for (const HttpCall& call : forged) CHECK(verdict(call, vector) == "AuthFailure.SignatureFailure");
}

TEST_CASE("an Authorization that cannot be read is told from a wrong one") {
    const json::object& vector = vectors().front().as_object();
    HttpCall call = call_of(vector);
    for (const char* const header :
         {"", "TC3-HMAC-SHA256", "TC3-HMAC-SHA256 Credential=a/b/c", "Basic YTpi",
          "TC3-HMAC-SHA256 Credential=a/b/clb/tc3_request, SignedHeaders=host, Signature=00"}) {
        call.headers["authorization"] = header;
        CHECK(verdict(call, vector) == "AuthFailure.InvalidAuthorization");
    }
}

TEST_CASE("the service is the first label of Tencent's hosts") {
    CHECK(service_of_host("clb.tencentcloudapi.com") == "clb");
    CHECK(service_of_host("ssl.intl.tencentcloudapi.com:443") == "ssl");
    CHECK(service_of_host("127.0.0.1:8443") == "");
}

}  // namespace
}  // namespace certferry::sandbox
