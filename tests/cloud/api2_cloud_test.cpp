// SPDX-License-Identifier: MIT
#include "cloud/api2_cloud.hpp"

#include "cloud/api_world.hpp"
#include "support/test_certificates.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>

namespace certferry {
namespace {

using namespace tests;

namespace json = boost::json;

const std::string yes = R"({"code":0,"message":"","codeDesc":"Success"})";

// 2026-11-24 00:00:00 UTC, which is 08:00:00 in China.
constexpr std::chrono::sys_seconds not_after =
    std::chrono::sys_days(std::chrono::year(2026) / std::chrono::November / 24);

const TestCertificate& www() {
    static const TestCertificate certificate = [] {
        CertificateSpec spec;
        spec.names = {"www.example.com", "example.com"};
        spec.not_after = not_after;
        return TestCertificate::self_signed(spec);
    }();
    return certificate;
}

Upload www_upload() {
    Upload upload;
    upload.alias = "certferry-www-0123456789ab";
    upload.chain_pem = www().pem();
    upload.key_pem = Secret(www().key().traditional());
    upload.certificate = certificate_facts(upload.chain_pem, "test").value();
    return upload;
}

Upload client_ca_upload() {
    Upload upload = www_upload();
    upload.kind = config::Kind::client;
    upload.key_pem = Secret();
    return upload;
}

struct Fixture : ApiWorld {
    ApiCaller caller{account, ports};
    Api2Cloud cloud{caller};
};

std::string list(const json::array& entries, std::size_t total) {
    const json::object answer = {{"code", 0}, {"data", {{"totalNum", total}, {"list", entries}}}};
    return json::serialize(answer);
}

json::object entry(std::string_view id) {
    return {{"id", id},
            {"alias", www_upload().alias},
            {"domain", "www.example.com"},
            {"subjectAltName", {"WWW.example.com", "example.com"}},
            {"certBeginTime", "2020-01-01 08:00:00"},
            {"certEndTime", "2026-11-24 08:00:00"},
            {"productZhName", "Test CA"}};
}

Parameters search(int page = 1) {
    return {{"searchKey", www_upload().alias},
            {"certType", "SVR"},
            {"withCert", "1"},
            {"page", std::to_string(page)},
            {"count", "20"}};
}

// ---- replace

TEST_CASE_FIXTURE(Fixture, "a certificate is replaced by an id") {
    http.expect("ReplaceCert", {{"oldCertId", "4b9fc92b"}, {"newCertId", "e2b6d555"}}, answer(yes));
    const auto request = run(cloud.replace(CertificateId("4b9fc92b"), CertificateId("e2b6d555"), {}));
    REQUIRE(request.has_value());
    CHECK(request->empty());
    CHECK(http.requests().at(0).url == "https://lb.api.qcloud.com/v2/index.php");
    CHECK(http.requests().at(0).effect == Effect::changes);
}

TEST_CASE_FIXTURE(Fixture, "a server's certificate is replaced by content, name and key") {
    const Upload upload = www_upload();
    http.expect("ReplaceCert",
                {{"oldCertId", "4b9fc92b"},
                 {"newCertContent", upload.chain_pem},
                 {"newCertName", upload.alias},
                 {"newCertKey", std::string(upload.key_pem.reveal())}},
                answer(R"({"code":0,"requestId":4711})"));
    const auto request = run(cloud.replace(CertificateId("4b9fc92b"), upload, {}));
    REQUIRE(request.has_value());
    CHECK(request->str() == "4711");
}

TEST_CASE_FIXTURE(Fixture, "a client CA is replaced by content and name, without a key") {
    const Upload upload = client_ca_upload();
    http.expect(
        "ReplaceCert",
        {{"oldCertId", "4b9fc92b"}, {"newCertContent", upload.chain_pem}, {"newCertName", upload.alias}},
        answer(yes));
    CHECK(run(cloud.replace(CertificateId("4b9fc92b"), upload, {})).has_value());
}

TEST_CASE_FIXTURE(Fixture, "a certificate is never replaced by itself") {
    const auto request = run(cloud.replace(CertificateId("4b9fc92b"), CertificateId("4b9fc92b"), {}));
    REQUIRE(!request);
    CHECK(request.error().code() == Errc::api_invalid);
    CHECK(request.error().message() ==
          "ReplaceCert: old and new certificate are the same, 4b9fc92b, so it is not sent");
}

TEST_CASE_FIXTURE(Fixture, "a name that the SDKs would not sign is never sent") {
    Upload upload = www_upload();
    upload.alias = "@www";
    CHECK(run(cloud.upload(upload)).error().code() == Errc::api_invalid);
    CHECK(run(cloud.replace(CertificateId("4b9fc92b"), upload, {})).error().code() == Errc::api_invalid);
}

TEST_CASE_FIXTURE(Fixture, "an error names the action and keeps the API's words") {
    http.expect("ReplaceCert", {{"oldCertId", "4b9fc92b"}, {"newCertId", "e2b6d555"}},
                answer(R"({"code":"5000","message":"(8000)gone","codeDesc":"ResourceNotFound"})"));
    const auto request = run(cloud.replace(CertificateId("4b9fc92b"), CertificateId("e2b6d555"), {}));
    REQUIRE(!request);
    CHECK(request.error().code() == Errc::api_not_found);
    CHECK(request.error().message() ==
          "ReplaceCert: lb.api.qcloud.com: the account has no such resource (ResourceNotFound)");
    CHECK(request.error().api()->message == "(8000)gone");
}

// ---- upload

TEST_CASE_FIXTURE(Fixture, "a server's certificate is uploaded with its key") {
    const Upload upload = www_upload();
    http.expect("CertUpload",
                {{"cert", upload.chain_pem},
                 {"certType", "SVR"},
                 {"key", std::string(upload.key_pem.reveal())},
                 {"alias", upload.alias}},
                answer(R"({"code":0,"data":{"id":"Ku8h1lfR"}})"));
    const auto id = run(cloud.upload(upload));
    REQUIRE(id.has_value());
    CHECK(id->str() == "Ku8h1lfR");
    CHECK(http.requests().at(0).url == "https://wss.api.qcloud.com/v2/index.php");
    CHECK(http.requests().at(0).effect == Effect::changes);
}

TEST_CASE_FIXTURE(Fixture, "a client CA is uploaded without a key") {
    const Upload upload = client_ca_upload();
    http.expect("CertUpload", {{"cert", upload.chain_pem}, {"certType", "CA"}, {"alias", upload.alias}},
                answer(R"({"code":0,"data":{"id":"Ku8h1lfR"}})"));
    CHECK(run(cloud.upload(upload)).has_value());
}

TEST_CASE_FIXTURE(Fixture, "an upload that says yes without a usable id is ambiguous") {
    const Upload upload = client_ca_upload();
    const Parameters sent = {{"cert", upload.chain_pem}, {"certType", "CA"}, {"alias", upload.alias}};
    for (const char* data : {"[]", "{}", "null", R"({"id":"../x"})", R"({"id":""})"}) {
        CAPTURE(data);
        http.expect("CertUpload", sent, answer(fmt::format(R"({{"code":0,"data":{}}})", data)));
        const auto id = run(cloud.upload(upload));
        REQUIRE(!id);
        CHECK(id.error().code() == Errc::answer_lost);
    }
}

// ---- find

TEST_CASE_FIXTURE(Fixture, "a certificate is found by its alias and its content") {
    json::object with_content = entry("Ku8h1lfR");
    with_content["cert"] = www().pem();
    with_content["certEndTime"] = "";
    http.expect("CertGetList", search(), answer(list({with_content}, 1)));
    const auto found = run(cloud.find(www_upload()));
    REQUIRE(found.has_value());
    REQUIRE(*found);
    CHECK((*found)->str() == "Ku8h1lfR");
}

TEST_CASE_FIXTURE(Fixture, "a certificate without content in the answer is known by its names and its end") {
    json::object in_utc = entry("Utc00001");
    in_utc["certEndTime"] = "2026-11-24 00:00:00";
    for (const json::object& known : {entry("China001"), in_utc}) {
        http.expect("CertGetList", search(), answer(list({known}, 1)));
        const auto found = run(cloud.find(www_upload()));
        REQUIRE(found.has_value());
        REQUIRE(*found);
        CHECK((*found)->str() == known.at("id").as_string());
    }
}

TEST_CASE_FIXTURE(Fixture, "a certificate whose bundle is gone from disk is found by what is known of it") {
    Upload known = www_upload();
    known.chain_pem.clear();
    known.key_pem = Secret();
    http.expect("CertGetList", search(), answer(list({entry("Ku8h1lfR")}, 1)));
    const auto found = run(cloud.find(known));
    REQUIRE(found.has_value());
    REQUIRE(*found);
    CHECK((*found)->str() == "Ku8h1lfR");
}

TEST_CASE_FIXTURE(Fixture, "another certificate is not taken for it") {
    json::object other_content = entry("Other001");
    other_content["cert"] = TestCertificate::self_signed(CertificateSpec()).pem();
    json::object other_alias = entry("Other002");
    other_alias["alias"] = www_upload().alias + "-2";
    json::object other_end = entry("Other003");
    other_end["certEndTime"] = "2026-11-25 08:00:00";
    json::object fewer_names = entry("Other004");
    fewer_names["subjectAltName"] = json::array();
    json::object no_end = entry("Other005");
    no_end.erase("certEndTime");
    http.expect("CertGetList", search(),
                answer(list({other_content, other_alias, other_end, fewer_names, no_end}, 5)));
    const auto found = run(cloud.find(www_upload()));
    REQUIRE(found.has_value());
    CHECK(!*found);
}

TEST_CASE_FIXTURE(Fixture, "the search goes on to the last page") {
    json::object other = entry("Other001");
    other["alias"] = "another";
    http.expect("CertGetList", search(1), answer(list({other}, 21)));
    http.expect("CertGetList", search(2), answer(list({entry("Ku8h1lfR")}, 21)));
    const auto found = run(cloud.find(www_upload()));
    REQUIRE(found.has_value());
    REQUIRE(*found);
    CHECK((*found)->str() == "Ku8h1lfR");
}

TEST_CASE_FIXTURE(Fixture, "nothing is found in an empty list, however it is written") {
    for (const char* data : {"[]", "{}", R"({"totalNum":0,"list":[]})", R"({"totalNum":999,"list":[]})"}) {
        CAPTURE(data);
        http.expect("CertGetList", search(), answer(fmt::format(R"({{"code":0,"data":{}}})", data)));
        const auto found = run(cloud.find(www_upload()));
        REQUIRE(found.has_value());
        CHECK(!*found);
    }
}

TEST_CASE_FIXTURE(Fixture, "an answer with an id that cannot be one is not believed") {
    http.expect("CertGetList", search(), answer(list({entry("a b"), entry("Ku8h1lfR")}, 2)));
    const auto found = run(cloud.find(www_upload()));
    REQUIRE(!found);
    CHECK(found.error().code() == Errc::answer_malformed);
    CHECK(found.error().message() == "CertGetList: the answer has no usable certificate id");
}

// ---- describe

TEST_CASE_FIXTURE(Fixture, "a certificate is described from the list") {
    http.expect("CertGetList", {{"id", "Ku8h1lfR"}, {"withCert", "1"}}, answer(list({entry("Ku8h1lfR")}, 1)));
    const auto facts = run(cloud.describe(CertificateId("Ku8h1lfR")));
    REQUIRE(facts.has_value());
    CHECK(facts->fingerprint.empty());
    CHECK(facts->not_after == not_after);
    CHECK(facts->names == std::vector<std::string>{"example.com", "www.example.com"});
    CHECK(facts->issuer == "Test CA");
}

TEST_CASE_FIXTURE(Fixture, "a certificate is described from its content where the answer has it") {
    json::object with_content = entry("Ku8h1lfR");
    with_content["cert"] = www().pem();
    http.expect("CertGetList", {{"id", "Ku8h1lfR"}, {"withCert", "1"}}, answer(list({with_content}, 1)));
    const auto facts = run(cloud.describe(CertificateId("Ku8h1lfR")));
    REQUIRE(facts.has_value());
    CHECK((*facts == certificate_facts(www().pem(), "test").value()));
}

TEST_CASE_FIXTURE(Fixture, "an account without the certificate says so, whatever else the list holds") {
    http.expect("CertGetList", {{"id", "Ku8h1lfR"}, {"withCert", "1"}}, answer(list({entry("Other001")}, 1)));
    CHECK(run(cloud.describe(CertificateId("Ku8h1lfR"))).error().code() == Errc::api_not_found);
    http.expect("CertGetList", {{"id", "Ku8h1lfR"}, {"withCert", "1"}}, answer(R"({"code":0,"data":[]})"));
    CHECK(run(cloud.describe(CertificateId("Ku8h1lfR"))).error().code() == Errc::api_not_found);
}

TEST_CASE_FIXTURE(Fixture, "a description without an end cannot be judged") {
    json::object no_end = entry("Ku8h1lfR");
    no_end["certEndTime"] = nullptr;
    http.expect("CertGetList", {{"id", "Ku8h1lfR"}, {"withCert", "1"}}, answer(list({no_end}, 1)));
    CHECK(run(cloud.describe(CertificateId("Ku8h1lfR"))).error().code() == Errc::answer_malformed);
}

// ---- bindings

BindingSet bindings_of(Fixture& fixture, const std::string& certificates) {
    fixture.http.expect("GetCertListWithLoadBalancer", {{"certIds.0", "4b9fc92b"}},
                        answer(fmt::format(R"({{"code":0,"certSet":{}}})", certificates)));
    const CertificateId id("4b9fc92b");
    const auto bindings = run(fixture.cloud.bindings({id}));
    REQUIRE(bindings.has_value());
    REQUIRE(bindings->count(id) == 1);
    return bindings->at(id);
}

Binding binding(Place place, const char* region, const char* ssl_mode, const char* client_ca) {
    Binding binding;
    binding.place = std::move(place);
    binding.region = region;
    binding.ssl_mode = ssl_mode;
    binding.client_ca = client_ca;
    return binding;
}

TEST_CASE_FIXTURE(Fixture, "bindings are read from every load balancer and region") {
    const BindingSet found = bindings_of(*this, R"({"4b9fc92b":[
        {"LBName":"a","loadBalancerId":"lb-1","region":"gz","listener":[
            {"unListenerId":"lbl-1","SSLMode":"UNIDIRECTIONAL","certId":"4b9fc92b","certCaId":""},
            {"unListenerId":"lbl-2","SSLMode":"mutual","certId":"4b9fc92b","certCaId":"ca000001"},
            {"unListenerId":"lbl-3","SSLMode":"mutual","certId":"other","certCaId":"ca000001"}]},
        {"LBName":"b","loadBalancerId":"lb-2","Region":"sh","listener":[{"listenerId":"lbl-4"}]}]})");
    const BindingSet expected = {
        binding({"lb-1", "lbl-1", ""}, "gz", "unidirectional", ""),
        binding({"lb-1", "lbl-2", ""}, "gz", "mutual", "ca000001"),
        binding({"lb-2", "lbl-4", ""}, "sh", "", ""),
    };
    CHECK((found == expected));
}

TEST_CASE_FIXTURE(Fixture, "a client CA is bound where it is the CA, and need not stay there itself") {
    const BindingSet found = bindings_of(*this, R"({"4b9fc92b":[{"loadBalancerId":"lb-1","region":"gz",
        "listener":[{"unListenerId":"lbl-1","SSLMode":"mutual","certId":"e2b6d555","certCaId":"4b9fc92b"}]}]})");
    Binding as_client_ca = binding({"lb-1", "lbl-1", ""}, "gz", "mutual", "");
    as_client_ca.beside = {CertificateId("e2b6d555")};
    as_client_ca.as_client_ca = true;
    CHECK((found == BindingSet{as_client_ca}));
}

TEST_CASE_FIXTURE(Fixture, "an id that is bound nowhere has an empty set, however the answer says it") {
    for (const char* certificates :
         {"[]", "{}", R"({"4b9fc92b":[]})", R"({"4b9fc92b":{}})", R"({"other":[{"loadBalancerId":"lb-1"}]})"})
        CHECK(bindings_of(*this, certificates).empty());
}

TEST_CASE_FIXTURE(Fixture, "an answer about bindings that cannot be understood is not taken for none") {
    for (const char* body :
         {R"({"code":0})", R"({"code":0,"certSet":null})", R"({"code":0,"certSet":{"4b9fc92b":"lb-1"}})",
          R"({"code":0,"certSet":{"4b9fc92b":[{"region":"gz","listener":[]}]}})",
          R"({"code":0,"certSet":{"4b9fc92b":[{"loadBalancerId":"lb-1"}]}})",
          R"({"code":0,"certSet":{"4b9fc92b":[{"loadBalancerId":"lb-1","listener":[{}]}]}})",
          R"({"code":0,"certSet":{"4b9fc92b":[{"loadBalancerId":"lb 1","listener":[]}]}})"}) {
        CAPTURE(body);
        http.expect("GetCertListWithLoadBalancer", {{"certIds.0", "4b9fc92b"}}, answer(body));
        const auto bindings = run(cloud.bindings({CertificateId("4b9fc92b")}));
        REQUIRE(!bindings);
        CHECK(bindings.error().code() == Errc::answer_malformed);
    }
}

TEST_CASE_FIXTURE(Fixture, "for a proof the bindings on other load balancers are left out") {
    http.expect("GetCertListWithLoadBalancer", {{"certIds.0", "4b9fc92b"}},
                answer(R"({"code":0,"certSet":{"4b9fc92b":[
                    {"loadBalancerId":"lb-1","region":"gz","listener":[{"unListenerId":"lbl-1"}]},
                    {"loadBalancerId":"lb-2","region":"gz","listener":[{"unListenerId":"lbl-2"}]}]}})"));
    const auto found =
        run(cloud.bindings_beside(CertificateId("4b9fc92b"), {binding({"lb-2", "lbl-7", ""}, "gz", "", "")}));
    REQUIRE(found.has_value());
    CHECK((*found == BindingSet{binding({"lb-2", "lbl-2", ""}, "gz", "", "")}));
}

TEST_CASE_FIXTURE(Fixture, "many ids are asked for twenty at a time") {
    std::vector<CertificateId> ids;
    Parameters first;
    Parameters second;
    for (int number = 0; number < 21; ++number) {
        ids.emplace_back(fmt::format("id-{}", number));
        Parameters& call = number < 20 ? first : second;
        call[fmt::format("certIds.{}", number % 20)] = ids.back().str();
    }
    http.expect("GetCertListWithLoadBalancer", first, answer(R"({"code":0,"certSet":[]})"));
    http.expect("GetCertListWithLoadBalancer", second, answer(R"({"code":0,"certSet":{"id-20":[
        {"loadBalancerId":"lb-1","listener":[{"unListenerId":"lbl-1"}]}]}})"));
    const auto bindings = run(cloud.bindings(ids));
    REQUIRE(bindings.has_value());
    CHECK(bindings->size() == 21);
    CHECK(bindings->at(CertificateId("id-20")).size() == 1);
}

// ---- task

TEST_CASE_FIXTURE(Fixture, "a task is in the state that the API gives it") {
    const std::vector<std::pair<std::string, TaskState>> states = {
        {"0", TaskState::finished}, {"1", TaskState::failed},     {"2", TaskState::running},
        {"3", TaskState::unknown},  {"null", TaskState::unknown}, {"\"0\"", TaskState::finished},
    };
    for (const auto& sample : states) {
        const std::string& status = sample.first;
        CAPTURE(status);
        http.expect("DescribeLoadBalancersTaskResult", {{"requestId", "4711"}},
                    answer(fmt::format(R"({{"code":0,"data":{{"status":{}}}}})", status)));
        const auto report = run(cloud.task(RequestId("4711")));
        REQUIRE(report.has_value());
        CHECK(report->state == sample.second);
    }
}

TEST_CASE_FIXTURE(Fixture, "a call without a task has finished, without asking") {
    const auto report = run(cloud.task(RequestId()));
    REQUIRE(report.has_value());
    CHECK(report->state == TaskState::finished);
}

TEST_CASE_FIXTURE(Fixture, "a task that the API does not know or tell of is unknown, which is no error") {
    for (const char* code : {"5000", "4000", "4101", "4110", "6100"}) {
        CAPTURE(code);
        http.expect("DescribeLoadBalancersTaskResult", {{"requestId", "4711"}},
                    answer(fmt::format(R"({{"code":{},"message":"no such"}})", code)));
        const auto report = run(cloud.task(RequestId("4711")));
        REQUIRE(report.has_value());
        CHECK(report->state == TaskState::unknown);
    }
    http.expect("DescribeLoadBalancersTaskResult", {{"requestId", "4711"}}, answer(R"({"code":4400})"));
    CHECK(run(cloud.task(RequestId("4711"))).error().code() == Errc::api_throttled);
}

}  // namespace
}  // namespace certferry
