// SPDX-License-Identifier: MIT
#include "cloud/api3_cloud.hpp"

#include "cloud/api3_world.hpp"
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

// 2026-11-24 00:00:00 UTC, which is 08:00:00 in China.
constexpr std::chrono::sys_seconds not_after =
    std::chrono::sys_days(std::chrono::year(2026) / std::chrono::November / 24);

const CertificateId old_id("4b9fc92b");
const CertificateId new_id("e2b6d555");

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

Upload without_contents(Upload upload) {
    upload.chain_pem.clear();
    upload.key_pem = Secret();
    return upload;
}

Binding binding(const char* listener, const char* ssl_mode, const char* client_ca = "") {
    Binding made;
    made.place = {"lb-1", listener, ""};
    made.region = "ap-shanghai";
    made.ssl_mode = ssl_mode;
    made.client_ca = client_ca;
    return made;
}

Binding as_client_ca(const char* listener) {
    Binding made = binding(listener, "mutual");
    made.as_client_ca = true;
    made.beside = {CertificateId("server01")};
    return made;
}

// ---- find

TEST_CASE_FIXTURE(Api3World, "a certificate with its contents is found by them") {
    const json::object asked = {{"CertificatePublicKey", www_upload().chain_pem}};
    http.expect3("CheckCertificateExist", "", asked, yes3(R"("RepeatCertId":"e2b6d555")"));
    const auto found = run(cloud.find(www_upload()));
    REQUIRE(found.has_value());
    CHECK(*found == new_id);
    CHECK(http.requests().at(0).url == "https://ssl.tencentcloudapi.com/");
}

TEST_CASE_FIXTURE(Api3World, "a certificate that the store does not have is not found") {
    for (const char* members : {R"("RepeatCertId":"")", R"("RepeatCertId":null)", ""}) {
        CAPTURE(members);
        http.expect3("CheckCertificateExist", "", {{"CertificatePublicKey", www_upload().chain_pem}},
                     yes3(members));
        const auto found = run(cloud.find(www_upload()));
        REQUIRE(found.has_value());
        CHECK(!*found);
    }
}

json::object entry(std::string_view id) {
    return {{"CertificateId", id},
            {"Alias", www_upload().alias},
            {"Domain", "www.example.com"},
            {"SubjectAltName", nullptr},
            {"CertSANs", {"WWW.example.com", "example.com"}},
            {"CertBeginTime", "2020-01-01 08:00:00"},
            {"CertEndTime", "2026-11-24 08:00:00"},
            {"ProductZhName", "Test CA"}};
}

HttpResponse list(const json::array& entries, std::size_t total) {
    return yes3(fmt::format(R"("TotalCount":{},"Certificates":{})", total, json::serialize(entries)));
}

json::object search(int offset = 0) {
    return {
        {"SearchKey", www_upload().alias}, {"CertificateType", "SVR"}, {"Offset", offset}, {"Limit", 100}};
}

TEST_CASE_FIXTURE(Api3World, "a certificate without contents is found by alias, names and end") {
    json::object other_alias = entry("11111111");
    other_alias["Alias"] = www_upload().alias + "-not";
    json::object other_names = entry("22222222");
    other_names["CertSANs"] = json::array{"www.example.com"};
    json::object other_end = entry("33333333");
    other_end["CertEndTime"] = "2027-02-24 08:00:00";
    http.expect3("DescribeCertificates", "", search(),
                 list({other_alias, other_names, other_end, entry("e2b6d555")}, 4));
    const auto found = run(cloud.find(without_contents(www_upload())));
    REQUIRE(found.has_value());
    CHECK(*found == new_id);
}

TEST_CASE_FIXTURE(Api3World, "the search turns the pages") {
    json::object other = entry("33333333");
    other["CertEndTime"] = "2027-02-24 08:00:00";
    http.expect3("DescribeCertificates", "", search(), list({other}, 101));
    http.expect3("DescribeCertificates", "", search(100), list({entry("e2b6d555")}, 101));
    const auto found = run(cloud.find(without_contents(www_upload())));
    REQUIRE(found.has_value());
    CHECK(*found == new_id);
}

TEST_CASE_FIXTURE(Api3World, "a list that is null is empty, and one that is missing is no answer") {
    http.expect3("DescribeCertificates", "", search(), yes3(R"("TotalCount":0,"Certificates":null)"));
    const auto found = run(cloud.find(without_contents(www_upload())));
    REQUIRE(found.has_value());
    CHECK(!*found);

    http.expect3("DescribeCertificates", "", search(), yes3());
    CHECK(run(cloud.find(without_contents(www_upload()))).error().code() == Errc::answer_malformed);
}

// ---- upload

TEST_CASE_FIXTURE(Api3World, "a certificate is uploaded under its alias, and not twice") {
    const Upload upload = www_upload();
    http.expect3("UploadCertificate", "",
                 {{"CertificatePublicKey", upload.chain_pem},
                  {"CertificateType", "SVR"},
                  {"Alias", upload.alias},
                  {"Repeatable", false},
                  {"CertificatePrivateKey", upload.key_pem.reveal()}},
                 yes3(R"("CertificateId":"e2b6d555","RepeatCertId":"")"));
    const auto id = run(cloud.upload(upload));
    REQUIRE(id.has_value());
    CHECK(*id == new_id);
    CHECK(http.requests().at(0).effect == Effect::changes);
}

TEST_CASE_FIXTURE(Api3World, "the id of a certificate that was there before may come in either field") {
    const Upload upload = client_ca_upload();
    const json::object sent = {{"CertificatePublicKey", upload.chain_pem},
                               {"CertificateType", "CA"},
                               {"Alias", upload.alias},
                               {"Repeatable", false}};
    for (const char* members :
         {R"("CertificateId":"e2b6d555","RepeatCertId":"e2b6d555")",
          R"("CertificateId":"","RepeatCertId":"e2b6d555")", R"("RepeatCertId":"e2b6d555")"}) {
        CAPTURE(members);
        http.expect3("UploadCertificate", "", sent, yes3(members));
        const auto id = run(cloud.upload(upload));
        REQUIRE(id.has_value());
        CHECK(*id == new_id);
    }
    http.expect3("UploadCertificate", "", sent, yes3(R"("CertificateId":null)"));
    const auto id = run(cloud.upload(upload));
    REQUIRE(!id);
    CHECK(id.error().code() == Errc::answer_lost);
}

// ---- replace

json::object replacement(json::object certificate) {
    return {{"OldCertificateId", old_id.str()}, {"Certificate", std::move(certificate)}};
}

TEST_CASE_FIXTURE(Api3World, "a certificate is replaced by an id, from Guangzhou") {
    http.expect3("ReplaceCertForLoadBalancers", "ap-guangzhou", replacement({{"CertId", "e2b6d555"}}),
                 yes3());
    const auto request = run(cloud.replace(old_id, new_id, {binding("lbl-1", "unidirectional")}));
    REQUIRE(request.has_value());
    CHECK(request->str() == "request-1");
    CHECK(http.requests().at(0).url == "https://clb.tencentcloudapi.com/");
    CHECK(http.requests().at(0).effect == Effect::changes);
}

TEST_CASE_FIXTURE(Api3World, "a certificate is replaced by name, contents and key") {
    const Upload upload = www_upload();
    http.expect3("ReplaceCertForLoadBalancers", "ap-guangzhou",
                 replacement({{"CertName", upload.alias},
                              {"CertContent", upload.chain_pem},
                              {"CertKey", upload.key_pem.reveal()}}),
                 yes3());
    CHECK(run(cloud.replace(old_id, upload, {})).has_value());
}

// What a replacement reads before it, where there is mutual TLS.
void expect_now(Api3World& world, const std::string& listeners, int forward = 1) {
    world.http.expect3(
        "DescribeLoadBalancerListByCertId", "ap-guangzhou", {{"CertIds", json::array{"4b9fc92b"}}},
        yes3(fmt::format(
            R"("CertSet":[{{"CertId":"4b9fc92b","LoadBalancers":[{{"LoadBalancerId":"lb-1","Forward":{}}}]}}])",
            forward)));
    world.http.expect3(forward == 0 ? "DescribeClassicalLBListeners" : "DescribeListeners", "ap-guangzhou",
                       {{"LoadBalancerId", "lb-1"}}, yes3(R"("Listeners":)" + listeners));
}

std::string listener(const std::string& id, const std::string& certificate) {
    return fmt::format(R"({{"ListenerId":"{}","SniSwitch":0,"Certificate":{{{}}}}})", id, certificate);
}

const std::string mutual_with_ca1 =
    R"("SSLMode":"MUTUAL","SSLVerifyClient":"OPTIONAL","CertId":"4b9fc92b","CertCaId":"ca000001")";

TEST_CASE_FIXTURE(Api3World, "mutual TLS that all listeners share goes along") {
    Binding first = binding("lbl-1", "mutual", "ca000001");
    first.verify_client = "optional";
    Binding second = first;
    second.place.listener = "lbl-2";
    expect_now(*this,
               "[" + listener("lbl-1", mutual_with_ca1) + "," + listener("lbl-2", mutual_with_ca1) + "]");
    http.expect3("ReplaceCertForLoadBalancers", "ap-guangzhou",
                 replacement({{"CertId", "e2b6d555"},
                              {"SSLMode", "MUTUAL"},
                              {"SSLVerifyClient", "OPTIONAL"},
                              {"CertCaId", "ca000001"}}),
                 yes3());
    CHECK(run(cloud.replace(old_id, new_id, {first, second})).has_value());
}

TEST_CASE_FIXTURE(Api3World, "a replacement is repeated with the CA that is there by then") {
    const Binding left = binding("lbl-1", "mutual", "ca000001");
    const Binding moved = binding("lbl-2", "unidirectional");
    expect_now(*this,
               "[" + listener("lbl-1", R"("SSLMode":"MUTUAL","CertId":"4b9fc92b","CertCaId":"ca000002")") +
                   "," + listener("lbl-2", R"("SSLMode":"UNIDIRECTIONAL","CertId":"e2b6d555")") + "]");
    http.expect3("ReplaceCertForLoadBalancers", "ap-guangzhou",
                 replacement({{"CertId", "e2b6d555"}, {"SSLMode", "MUTUAL"}, {"CertCaId", "ca000002"}}),
                 yes3());
    CHECK(run(cloud.replace(old_id, new_id, {left, moved})).has_value());
}

TEST_CASE_FIXTURE(Api3World, "mutual TLS that was there is sent again where a replacement has lost it") {
    expect_now(*this, "[" + listener("lbl-1", R"("SSLMode":"UNIDIRECTIONAL","CertId":"4b9fc92b")") + "]");
    http.expect3("ReplaceCertForLoadBalancers", "ap-guangzhou",
                 replacement({{"CertId", "e2b6d555"}, {"SSLMode", "MUTUAL"}, {"CertCaId", "ca000001"}}),
                 yes3());
    CHECK(run(cloud.replace(old_id, new_id, {binding("lbl-1", "mutual", "ca000001")})).has_value());
}

TEST_CASE_FIXTURE(Api3World,
                  "where listeners were mutual nothing is sent unless it is known how they are now") {
    const BindingSet mutual = {binding("lbl-1", "mutual", "ca000001")};
    http.expect3("DescribeLoadBalancerListByCertId", "ap-guangzhou", {{"CertIds", json::array{"4b9fc92b"}}},
                 no3("InternalError"));
    CHECK(run(cloud.replace(old_id, new_id, mutual)).error().code() == Errc::api_internal);
    expect_now(*this, "[]");
    CHECK(run(cloud.replace(old_id, new_id, mutual)).error().code() == Errc::unbound);
}

// A mutual listener and one that is not, or is otherwise.
struct MixedWorld : Api3World {
    MixedWorld() {
        bindings = {binding("lbl-1", "mutual", "ca000001"), binding("lbl-2", "unidirectional")};
        bindings_now =
            "[" + listener("lbl-1", R"("SSLMode":"MUTUAL","CertId":"4b9fc92b","CertCaId":"ca000002")") + "," +
            listener("lbl-2", R"("SSLMode":"UNIDIRECTIONAL","CertId":"4b9fc92b","ExtCertIds":["ecc00001"])") +
            "]";
    }

    void expect_mutual(const HttpResponse& reply) {
        http.expect3(
            "ModifyListener", "ap-shanghai",
            {{"LoadBalancerId", "lb-1"},
             {"ListenerId", "lbl-1"},
             {"Certificate", {{"SSLMode", "MUTUAL"}, {"CertId", "e2b6d555"}, {"CertCaId", "ca000002"}}}},
            reply);
    }
    void expect_dual(const HttpResponse& reply) {
        http.expect3("ModifyListener", "ap-shanghai",
                     {{"LoadBalancerId", "lb-1"},
                      {"ListenerId", "lbl-2"},
                      {"MultiCertInfo",
                       {{"SSLMode", "UNIDIRECTIONAL"},
                        {"CertList", json::array{{{"CertId", "e2b6d555"}}, {{"CertId", "ecc00001"}}}}}}},
                     reply);
    }

    BindingSet bindings;
    std::string bindings_now;
};

TEST_CASE_FIXTURE(MixedWorld, "listeners that mix mutual TLS are bound one by one, each as it is now") {
    expect_now(*this, bindings_now);
    expect_mutual(yes3());
    expect_dual(yes3());
    const auto request = run(cloud.replace(old_id, new_id, bindings));
    REQUIRE(request.has_value());
    http.expect3("DescribeTaskStatus", "ap-shanghai", {{"TaskId", "request-1"}}, yes3(R"("Status":2)"));
    CHECK(run(cloud.task(*request))->state == TaskState::running);
}

TEST_CASE_FIXTURE(Api3World, "several kinds of mutual TLS are a mix, too") {
    const BindingSet bindings = {binding("lbl-1", "mutual", "ca000001"),
                                 binding("lbl-2", "mutual", "ca000002")};
    expect_now(
        *this,
        "[" + listener("lbl-1", R"("SSLMode":"MUTUAL","CertId":"4b9fc92b","CertCaId":"ca000001")") + "," +
            listener("lbl-2", R"("SSLMode":"MUTUAL","CertId":"4b9fc92b","CertCaId":"ca000002")") + "]");
    for (const auto& [listener, ca] : {std::pair("lbl-1", "ca000001"), std::pair("lbl-2", "ca000002")})
        http.expect3("ModifyListener", "ap-shanghai",
                     {{"LoadBalancerId", "lb-1"},
                      {"ListenerId", listener},
                      {"Certificate", {{"SSLMode", "MUTUAL"}, {"CertId", "e2b6d555"}, {"CertCaId", ca}}}},
                     yes3());
    CHECK(run(cloud.replace(old_id, new_id, bindings)).has_value());
}

TEST_CASE_FIXTURE(MixedWorld, "what a busy load balancer leaves is told as a change in part, or as none") {
    const HttpResponse busy = no3("FailedOperation.ResourceInOperating");
    expect_now(*this, bindings_now);
    expect_mutual(busy);
    expect_dual(yes3());
    const auto in_part = run(cloud.replace(old_id, new_id, bindings));
    REQUIRE(!in_part);
    CHECK(in_part.error().code() == Errc::api_partial);
    CHECK(in_part.error().message().starts_with("1 of 2 listeners are bound: ModifyListener: "));

    expect_now(*this, bindings_now);
    expect_mutual(busy);
    expect_dual(busy);
    CHECK(run(cloud.replace(old_id, new_id, bindings)).error().code() == Errc::api_busy);

    expect_now(*this, bindings_now);
    expect_mutual(busy);
    expect_dual(no3("InternalError"));
    CHECK(run(cloud.replace(old_id, new_id, bindings)).error().code() == Errc::answer_lost);

    expect_now(*this, bindings_now);
    expect_mutual(no3("UnauthorizedOperation"));
    CHECK(run(cloud.replace(old_id, new_id, bindings)).error().code() == Errc::api_forbidden);
}

TEST_CASE_FIXTURE(MixedWorld, "a mix that cannot be bound one by one is refused before anything is sent") {
    expect_now(*this, bindings_now);
    const auto inline_delivery = run(cloud.replace(old_id, www_upload(), bindings));
    REQUIRE(!inline_delivery);
    CHECK(inline_delivery.error().code() == Errc::api_unsupported);
    CHECK(inline_delivery.error().remedy() == "set deliver = \"id\" for the mapping");

    BindingSet classic;
    for (Binding binding : bindings) {
        binding.classic = true;
        classic.insert(binding);
    }
    expect_now(*this, R"([{"ListenerId":"lbl-1","SSLMode":"MUTUAL","CertId":"4b9fc92b","CertCaId":"ca000001"},
                          {"ListenerId":"lbl-2","SSLMode":"UNIDIRECTIONAL","CertId":"4b9fc92b"}])",
               0);
    const auto refused = run(cloud.replace(old_id, new_id, classic));
    REQUIRE(!refused);
    CHECK(refused.error().code() == Errc::api_unsupported);
    CHECK(refused.error().remedy().find("a mapping of its own") != std::string::npos);
}

std::string client_ca_at(const std::string& place) {
    return listener(place, R"("SSLMode":"MUTUAL","CertId":"server01","CertCaId":"4b9fc92b")");
}

TEST_CASE_FIXTURE(Api3World, "a client CA is replaced as one, by id or by contents") {
    expect_now(*this, "[" + client_ca_at("lbl-1") + "," + client_ca_at("lbl-2") + "]");
    http.expect3("ReplaceCertForLoadBalancers", "ap-guangzhou",
                 replacement({{"CertCaId", "e2b6d555"}, {"SSLMode", "MUTUAL"}}), yes3());
    CHECK(run(cloud.replace(old_id, new_id, {as_client_ca("lbl-1"), as_client_ca("lbl-2")})).has_value());

    const Upload upload = client_ca_upload();
    http.expect3("ReplaceCertForLoadBalancers", "ap-guangzhou",
                 replacement({{"CertCaName", upload.alias}, {"CertCaContent", upload.chain_pem}}), yes3());
    CHECK(run(cloud.replace(old_id, upload, {})).has_value());
}

TEST_CASE_FIXTURE(Api3World, "a client CA that is refused under one name is tried under the other, once") {
    const json::object as_ca = replacement({{"CertCaId", "e2b6d555"}, {"SSLMode", "MUTUAL"}});
    const json::object as_server = replacement({{"CertId", "e2b6d555"}, {"SSLMode", "MUTUAL"}});
    expect_now(*this, "[" + client_ca_at("lbl-1") + "]");
    http.expect3("ReplaceCertForLoadBalancers", "ap-guangzhou", as_ca, no3("InvalidParameter.FormatError"));
    http.expect3("ReplaceCertForLoadBalancers", "ap-guangzhou", as_server, yes3());
    CHECK(run(cloud.replace(old_id, new_id, {as_client_ca("lbl-1")})).has_value());

    expect_now(*this, "[" + client_ca_at("lbl-1") + "]");
    http.expect3("ReplaceCertForLoadBalancers", "ap-guangzhou", as_ca, no3("InvalidParameter", "the first"));
    http.expect3("ReplaceCertForLoadBalancers", "ap-guangzhou", as_server,
                 no3("InvalidParameter", "the other"));
    const auto refused = run(cloud.replace(old_id, new_id, {as_client_ca("lbl-1")}));
    REQUIRE(!refused);
    CHECK(refused.error().api()->message == "the first");

    expect_now(*this, "[" + client_ca_at("lbl-1") + "]");
    http.expect3("ReplaceCertForLoadBalancers", "ap-guangzhou", as_ca, no3("InternalError"));
    CHECK(run(cloud.replace(old_id, new_id, {as_client_ca("lbl-1")})).error().code() == Errc::answer_lost);
}

TEST_CASE_FIXTURE(Api3World, "a server's certificate that is refused is not tried in another way") {
    http.expect3("ReplaceCertForLoadBalancers", "ap-guangzhou", replacement({{"CertId", "e2b6d555"}}),
                 no3("InvalidParameter"));
    const auto refused = run(cloud.replace(old_id, new_id, {}));
    REQUIRE(!refused);
    CHECK(refused.error().code() == Errc::api_invalid);
    CHECK(refused.error().message() ==
          "ReplaceCertForLoadBalancers: clb.tencentcloudapi.com: the API refuses a parameter");
}

TEST_CASE_FIXTURE(Api3World, "a certificate is never replaced by itself, through API 3.0 either") {
    const auto request = run(cloud.replace(old_id, old_id, {}));
    REQUIRE(!request);
    CHECK(request.error().code() == Errc::api_invalid);
}

TEST_CASE_FIXTURE(Api3World, "no part of a private key is in an error") {
    const Upload upload = www_upload();
    const std::string key(upload.key_pem.reveal());
    const std::string words = key.substr(key.find('\n') + 1, 60);
    http.expect3("UploadCertificate", "",
                 {{"CertificatePublicKey", upload.chain_pem},
                  {"CertificateType", "SVR"},
                  {"Alias", upload.alias},
                  {"Repeatable", false},
                  {"CertificatePrivateKey", key}},
                 no3("FailedOperation.CertificateParseError", words));
    const auto refused = run(cloud.upload(upload));
    REQUIRE(!refused);
    CHECK(describe(refused.error()).find(words.substr(0, 16)) == std::string::npos);
    CHECK(describe(refused.error()).find("[...]") != std::string::npos);
}

// ---- bind

// What is read before it: the places of the load balancer as they are now.
void expect_there(Api3World& world, const std::string& listeners = "[]") {
    world.http.expect3("DescribeListeners", "ap-shanghai", {{"LoadBalancerId", "lb-1"}},
                       yes3(R"("Listeners":)" + listeners));
}

TEST_CASE_FIXTURE(Api3World, "a certificate is bound to one listener with what is to stay there") {
    Binding mutual = binding("lbl-1", "mutual", "ca000001");
    mutual.verify_client = "on";
    expect_there(*this);
    http.expect3("ModifyListener", "ap-shanghai",
                 {{"LoadBalancerId", "lb-1"},
                  {"ListenerId", "lbl-1"},
                  {"Certificate",
                   {{"SSLMode", "MUTUAL"},
                    {"SSLVerifyClient", "ON"},
                    {"CertId", "e2b6d555"},
                    {"CertCaId", "ca000001"}}}},
                 yes3());
    const auto request = run(cloud.bind(mutual, new_id));
    REQUIRE(request.has_value());
    CHECK(request->str() == "request-1");
}

TEST_CASE_FIXTURE(Api3World, "a certificate is bound to one domain of a listener with SNI") {
    Binding domain = binding("lbl-1", "unidirectional");
    domain.place.domain = "www.example.com";
    expect_there(*this);
    http.expect3("ModifyDomainAttributes", "ap-shanghai",
                 {{"LoadBalancerId", "lb-1"},
                  {"ListenerId", "lbl-1"},
                  {"Domain", "www.example.com"},
                  {"Certificate", {{"SSLMode", "UNIDIRECTIONAL"}, {"CertId", "e2b6d555"}}}},
                 yes3());
    CHECK(run(cloud.bind(domain, new_id)).has_value());
}

TEST_CASE_FIXTURE(Api3World, "certificates beside it, and the CA, stay in the list") {
    Binding dual = binding("lbl-1", "mutual", "ca000001");
    dual.beside = {CertificateId("ecc00001")};
    expect_there(*this);
    http.expect3(
        "ModifyListener", "ap-shanghai",
        {{"LoadBalancerId", "lb-1"},
         {"ListenerId", "lbl-1"},
         {"MultiCertInfo",
          {{"SSLMode", "MUTUAL"},
           {"CertList",
            json::array{{{"CertId", "e2b6d555"}}, {{"CertId", "ecc00001"}}, {{"CertId", "ca000001"}}}}}}},
        yes3());
    CHECK(run(cloud.bind(dual, new_id)).has_value());
}

TEST_CASE_FIXTURE(Api3World, "a client CA is bound beside the server's certificate") {
    expect_there(*this);
    http.expect3("ModifyListener", "ap-shanghai",
                 {{"LoadBalancerId", "lb-1"},
                  {"ListenerId", "lbl-1"},
                  {"Certificate", {{"SSLMode", "MUTUAL"}, {"CertId", "server01"}, {"CertCaId", "e2b6d555"}}}},
                 yes3());
    CHECK(run(cloud.bind(as_client_ca("lbl-1"), new_id)).has_value());
}

TEST_CASE_FIXTURE(Api3World, "what has been replaced beside it and the CA meanwhile stay replaced") {
    Binding dual = binding("lbl-1", "mutual", "ca000001");
    dual.beside = {CertificateId("ecc00001")};
    const json::array now = {{{"CertId", "e2b6d555"}}, {{"CertId", "ecc00002"}}, {{"CertId", "ca000002"}}};
    for (const char* there : {R"("CertId":"ecc00002","CertCaId":"ca000002")",
                              R"("CertId":"e2b6d555","ExtCertIds":["ecc00002"],"CertCaId":"ca000002")",
                              R"("CertId":"4b9fc92b","ExtCertIds":["ecc00002"],"CertCaId":"ca000002")"}) {
        CAPTURE(there);
        expect_there(
            *this, "[" + listener("lbl-1", there) + "," + listener("lbl-2", R"("CertId":"ecc00003")") + "]");
        http.expect3("ModifyListener", "ap-shanghai",
                     {{"LoadBalancerId", "lb-1"},
                      {"ListenerId", "lbl-1"},
                      {"MultiCertInfo", {{"SSLMode", "MUTUAL"}, {"CertList", now}}}},
                     yes3());
        CHECK(run(cloud.bind(dual, new_id)).has_value());
    }
}

TEST_CASE_FIXTURE(Api3World, "of what was beside it and the CA, that stays which has not been replaced") {
    Binding dual = binding("lbl-1", "mutual", "ca000001");
    dual.beside = {CertificateId("ecc00001")};
    expect_there(*this, "[" + listener("lbl-1", R"("CertId":null,"CertCaId":"ca000002")") + "]");
    http.expect3(
        "ModifyListener", "ap-shanghai",
        {{"LoadBalancerId", "lb-1"},
         {"ListenerId", "lbl-1"},
         {"MultiCertInfo",
          {{"SSLMode", "MUTUAL"},
           {"CertList",
            json::array{{{"CertId", "e2b6d555"}}, {{"CertId", "ecc00001"}}, {{"CertId", "ca000002"}}}}}}},
        yes3());
    CHECK(run(cloud.bind(dual, new_id)).has_value());
}

TEST_CASE_FIXTURE(Api3World, "the server's certificate that a client CA is bound beside is the one of now") {
    expect_there(*this,
                 "[" + listener("lbl-1", R"("SSLMode":"MUTUAL","CertId":"server02","CertCaId":null)") + "]");
    http.expect3("ModifyListener", "ap-shanghai",
                 {{"LoadBalancerId", "lb-1"},
                  {"ListenerId", "lbl-1"},
                  {"Certificate", {{"SSLMode", "MUTUAL"}, {"CertId", "server02"}, {"CertCaId", "e2b6d555"}}}},
                 yes3());
    CHECK(run(cloud.bind(as_client_ca("lbl-1"), new_id)).has_value());
}

TEST_CASE_FIXTURE(Api3World, "what has the place that a certificate is bound at makes room for it") {
    expect_there(*this, "[" + listener("lbl-1", R"("CertId":"4b9fc92b")") + "]");
    http.expect3("ModifyListener", "ap-shanghai",
                 {{"LoadBalancerId", "lb-1"},
                  {"ListenerId", "lbl-1"},
                  {"Certificate", {{"SSLMode", "UNIDIRECTIONAL"}, {"CertId", "e2b6d555"}}}},
                 yes3());
    CHECK(run(cloud.bind(binding("lbl-1", "unidirectional"), new_id)).has_value());
}

TEST_CASE_FIXTURE(Api3World, "nothing is bound at a place that cannot be read") {
    http.expect3("DescribeListeners", "ap-shanghai", {{"LoadBalancerId", "lb-1"}}, no3("InternalError"));
    CHECK(run(cloud.bind(binding("lbl-1", "unidirectional"), new_id)).error().code() == Errc::api_internal);
}

TEST_CASE_FIXTURE(Api3World, "a listener of a classic load balancer cannot be bound alone") {
    Binding classic = binding("lbl-1", "unidirectional");
    classic.classic = true;
    const auto request = run(cloud.bind(classic, new_id));
    REQUIRE(!request);
    CHECK(request.error().code() == Errc::api_unsupported);
    CHECK(request.error().remedy() == "bind the certificate to this listener in the console");
}

// ---- task

TEST_CASE_FIXTURE(Api3World, "a task is asked for where the change was called") {
    http.expect3("DescribeTaskStatus", "ap-guangzhou", {{"TaskId", "request-0"}}, yes3(R"("Status":0)"));
    CHECK(run(cloud.task(RequestId("request-0")))->state == TaskState::finished);

    expect_there(*this);
    http.expect3("ModifyListener", "ap-shanghai",
                 {{"LoadBalancerId", "lb-1"},
                  {"ListenerId", "lbl-1"},
                  {"Certificate", {{"SSLMode", "UNIDIRECTIONAL"}, {"CertId", "e2b6d555"}}}},
                 yes3());
    const auto request = run(cloud.bind(binding("lbl-1", "unidirectional"), new_id));
    REQUIRE(request.has_value());
    http.expect3("DescribeTaskStatus", "ap-shanghai", {{"TaskId", "request-1"}}, yes3(R"("Status":2)"));
    CHECK(run(cloud.task(*request))->state == TaskState::running);
}

TEST_CASE_FIXTURE(Api3World, "a task has failed with its reason") {
    http.expect3("DescribeTaskStatus", "ap-guangzhou", {{"TaskId", "request-0"}},
                 yes3(R"("Status":1,"Message":"no such listener")"));
    const auto report = run(cloud.task(RequestId("request-0")));
    REQUIRE(report.has_value());
    CHECK(report->state == TaskState::failed);
    CHECK(report->message == "no such listener");
}

TEST_CASE_FIXTURE(Api3World, "a task that the API does not know or tell of is unknown, and no failure") {
    for (const char* code : {"InvalidParameter", "InvalidParameter.RegionNotFound", "UnauthorizedOperation",
                             "ResourceNotFound", "InvalidAction"}) {
        CAPTURE(code);
        http.expect3("DescribeTaskStatus", "ap-guangzhou", {{"TaskId", "request-0"}}, no3(code));
        const auto report = run(cloud.task(RequestId("request-0")));
        REQUIRE(report.has_value());
        CHECK(report->state == TaskState::unknown);
    }
    http.expect3("DescribeTaskStatus", "ap-guangzhou", {{"TaskId", "request-0"}}, yes3(R"("Status":null)"));
    CHECK(run(cloud.task(RequestId("request-0")))->state == TaskState::unknown);
    CHECK(run(cloud.task(RequestId()))->state == TaskState::finished);

    http.expect3("DescribeTaskStatus", "ap-guangzhou", {{"TaskId", "request-0"}},
                 no3("RequestLimitExceeded"));
    CHECK(run(cloud.task(RequestId("request-0"))).error().code() == Errc::api_throttled);
}

// ---- describe

TEST_CASE_FIXTURE(Api3World, "a certificate is described from the list, its times being China's") {
    http.expect3("DescribeCertificates", "", {{"CertIds", json::array{"e2b6d555"}}},
                 list({entry("e2b6d555")}, 1));
    const auto facts = run(cloud.describe(new_id));
    REQUIRE(facts.has_value());
    CHECK(facts->not_after == not_after);
    CHECK(facts->names == std::vector<std::string>{"example.com", "www.example.com"});
    CHECK(facts->issuer == "Test CA");
    CHECK(facts->fingerprint.empty());
}

TEST_CASE_FIXTURE(Api3World,
                  "an id that is not in the account is not found, whatever else the answer lists") {
    for (const auto& reply : {list({}, 0), list({entry("other001")}, 1), yes3(R"("Certificates":null)"),
                              no3("FailedOperation.CertificateNotFound")}) {
        CAPTURE(reply.body.reveal());
        http.expect3("DescribeCertificates", "", {{"CertIds", json::array{"e2b6d555"}}}, reply);
        CHECK(run(cloud.describe(new_id)).error().code() == Errc::api_not_found);
    }
}

// ---- clean-up

TEST_CASE_FIXTURE(Api3World, "mails end for at most 50 certificates a call") {
    std::vector<CertificateId> ids;
    json::array first;
    for (int index = 0; index < 51; ++index) {
        ids.emplace_back(fmt::format("cert{:04}", index));
        if (index < 50) first.emplace_back(json::string_view(ids.back().str()));
    }
    http.expect3("ModifyCertificatesExpiringNotificationSwitch", "",
                 {{"CertificateIds", first}, {"SwitchStatus", 1}}, yes3());
    http.expect3("ModifyCertificatesExpiringNotificationSwitch", "",
                 {{"CertificateIds", json::array{"cert0050"}}, {"SwitchStatus", 1}}, yes3());
    CHECK(run(cloud.mute(ids)).has_value());
}

void expect_remove(Api3World& world, const HttpResponse& reply) {
    world.http.expect3("DeleteCertificate", "", {{"CertificateId", "4b9fc92b"}, {"IsCheckResource", true}},
                       reply);
}

TEST_CASE_FIXTURE(Api3World,
                  "a certificate is deleted by a task, after the cloud has looked where it is bound") {
    expect_remove(*this, yes3(R"("DeleteResult":true,"TaskId":"17")"));
    CHECK(run(cloud.remove(old_id))->str() == "17");
    expect_remove(*this, yes3(R"("DeleteResult":true,"TaskId":18)"));
    CHECK(run(cloud.remove(old_id))->str() == "18");
    expect_remove(*this, yes3(R"("DeleteResult":true,"TaskId":null)"));
    CHECK(run(cloud.remove(old_id))->empty());
    expect_remove(*this, yes3(R"("DeleteResult":false,"TaskId":"")"));
    CHECK(run(cloud.remove(old_id)).error().code() == Errc::api_unknown);
    expect_remove(*this, no3("FailedOperation.DeleteResourceFailed"));
    CHECK(run(cloud.remove(old_id)).error().code() == Errc::api_in_use);
    expect_remove(*this, no3("FailedOperation.CertificateNotFound"));
    CHECK(run(cloud.remove(old_id)).error().code() == Errc::api_not_found);
}

Result<TaskReport> removal(Api3World& world, const std::string& results) {
    world.http.expect3("DescribeDeleteCertificatesTaskResult", "", {{"TaskIds", json::array{"17"}}},
                       yes3(R"("DeleteTaskResult":)" + results));
    return run(world.cloud.removal(RequestId("17")));
}

Result<TaskReport> removal(Api3World& world, int status) {
    return removal(
        world, fmt::format(R"([{{"TaskId":"16","Status":1}},{{"TaskId":"17","Status":{},"Error":"words"}}])",
                           status));
}

TEST_CASE_FIXTURE(Api3World,
                  "the task of a deletion is running, finished, failed, or says what is in its way") {
    CHECK(removal(*this, 0)->state == TaskState::running);
    CHECK(removal(*this, 1)->state == TaskState::finished);
    CHECK(removal(*this, 2)->state == TaskState::failed);
    CHECK(removal(*this, 2)->message == "words");
    CHECK(removal(*this, 3).error().remedy().find("SSL_QCSLinkedRole") != std::string_view::npos);
    CHECK(removal(*this, 4).error().code() == Errc::api_in_use);
    CHECK(removal(*this, 5)->state == TaskState::failed);
    CHECK(removal(*this, 9)->state == TaskState::unknown);
    CHECK(removal(*this, "[]")->state == TaskState::unknown);
    CHECK(removal(*this, "null")->state == TaskState::unknown);
    CHECK(run(cloud.removal(RequestId()))->state == TaskState::finished);
}

}  // namespace
}  // namespace certferry
