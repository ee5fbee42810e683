// SPDX-License-Identifier: MIT
#include "cloud/api3_world.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <doctest/doctest.h>
#include <fmt/format.h>

namespace certferry {
namespace {

using namespace tests;

namespace json = boost::json;

const CertificateId id("4b9fc92b");

void expect_balancers(Api3World& world, const std::string& balancers,
                      const std::string& region = "ap-guangzhou") {
    world.http.expect3("DescribeLoadBalancerListByCertId", region, {{"CertIds", json::array{"4b9fc92b"}}},
                       yes3(R"("CertSet":[{"CertId":"4b9fc92b","LoadBalancers":)" + balancers + "}]"));
}

void expect_listeners(Api3World& world, const std::string& balancer, const HttpResponse& reply,
                      const std::string& region = "ap-guangzhou") {
    world.http.expect3("DescribeListeners", region, {{"LoadBalancerId", balancer}}, reply);
}

HttpResponse listeners(const std::string& list) {
    return yes3(R"("Listeners":)" + list);
}

BindingSet bindings_of(Api3World& world) {
    const auto bindings = run(world.cloud.bindings({id}));
    REQUIRE(bindings.has_value());
    return bindings->at(id);
}

BindingSet bindings_among(Api3World& world, const std::string& list) {
    expect_balancers(world, R"([{"LoadBalancerId":"lb-1","Forward":1}])");
    expect_listeners(world, "lb-1", listeners(list));
    return bindings_of(world);
}

Binding binding(Place place, const char* ssl_mode) {
    Binding made;
    made.place = std::move(place);
    made.region = "ap-guangzhou";
    made.ssl_mode = ssl_mode;
    return made;
}

TEST_CASE_FIXTURE(Api3World, "a listener without SNI has its certificate itself") {
    const BindingSet found = bindings_among(*this, R"([
        {"ListenerId":"lbl-1","Protocol":"HTTPS","SniSwitch":0,"Certificate":{"SSLMode":"UNIDIRECTIONAL",
            "CertId":"4b9fc92b","CertCaId":null,"ExtCertIds":null},
            "Rules":[{"Domain":"www.example.com","Certificate":{"CertId":"4b9fc92b"}}]},
        {"ListenerId":"lbl-2","Protocol":"HTTPS","SniSwitch":0,"Certificate":{"CertId":"another1"}},
        {"ListenerId":"lbl-3","Protocol":"TCP","SniSwitch":0,"Certificate":null,"Rules":null}])");
    CHECK((found == BindingSet{binding({"lb-1", "lbl-1", ""}, "unidirectional")}));
    // There may be hundreds of them, and their list has no pages.
    CHECK(http.requests().back().answer_max > usual_answer_max);
}

TEST_CASE_FIXTURE(Api3World, "a listener with SNI has a certificate for each rule's domain") {
    const BindingSet found = bindings_among(*this, R"([{"ListenerId":"lbl-1","SniSwitch":1,"Certificate":null,
        "Rules":[
            {"Domain":"www.example.com","Url":"/","Certificate":{"SSLMode":"UNIDIRECTIONAL","CertId":"4b9fc92b"}},
            {"Domain":"www.example.com","Url":"/b","Certificate":{"SSLMode":"UNIDIRECTIONAL","CertId":"4b9fc92b"}},
            {"Domain":null,"Domains":["a.example.com","b.example.com"],"Certificate":{"CertId":"4b9fc92b"}},
            {"Domain":"other.example.com","Certificate":{"CertId":"another1"}},
            {"Domain":"none.example.com","Certificate":null}]}])");
    const BindingSet expected = {binding({"lb-1", "lbl-1", "www.example.com"}, "unidirectional"),
                                 binding({"lb-1", "lbl-1", "a.example.com"}, "")};
    CHECK((found == expected));
}

TEST_CASE_FIXTURE(Api3World, "where the answer does not say whether there is SNI, the certificates tell") {
    const BindingSet found = bindings_among(*this, R"([
        {"ListenerId":"lbl-1","SniSwitch":null,"Certificate":{"CertId":"4b9fc92b"}},
        {"ListenerId":"lbl-2","Rules":[{"Domain":"a.example.com","Certificate":{"CertId":"4b9fc92b"}}]}])");
    const BindingSet expected = {binding({"lb-1", "lbl-1", ""}, ""),
                                 binding({"lb-1", "lbl-2", "a.example.com"}, "")};
    CHECK((found == expected));
}

TEST_CASE_FIXTURE(Api3World, "a certificate is bound as one of several, and what is beside it is known") {
    const BindingSet found = bindings_among(*this, R"([{"ListenerId":"lbl-1","SniSwitch":0,"Certificate":
        {"SSLMode":"UNIDIRECTIONAL","CertId":"rsa00001","ExtCertIds":["ecc00001","4b9fc92b","rsa00001"]}}])");
    Binding dual = binding({"lb-1", "lbl-1", ""}, "unidirectional");
    dual.beside = {CertificateId("ecc00001"), CertificateId("rsa00001")};
    CHECK((found == BindingSet{dual}));
}

TEST_CASE_FIXTURE(Api3World, "what mutual TLS is made of is part of a binding") {
    const BindingSet found = bindings_among(*this, R"([
        {"ListenerId":"lbl-1","SniSwitch":0,"Certificate":{"SSLMode":"MUTUAL","SSLVerifyClient":"OPTIONAL",
            "CertId":"4b9fc92b","CertCaId":"ca000001"}},
        {"ListenerId":"lbl-2","SniSwitch":0,"Certificate":{"SSLMode":"MUTUAL","SSLVerifyClient":"ON",
            "CertId":"server01","CertCaId":"4b9fc92b"}}])");
    Binding server = binding({"lb-1", "lbl-1", ""}, "mutual");
    server.verify_client = "optional";
    server.client_ca = "ca000001";
    Binding client_ca = binding({"lb-1", "lbl-2", ""}, "mutual");
    client_ca.verify_client = "on";
    client_ca.as_client_ca = true;
    client_ca.beside = {CertificateId("server01")};
    CHECK((found == BindingSet{server, client_ca}));
}

TEST_CASE_FIXTURE(Api3World, "a classic load balancer has calls of its own") {
    expect_balancers(*this, R"([{"LoadBalancerId":"lb-1","Forward":0}])");
    http.expect3("DescribeClassicalLBListeners", "ap-guangzhou", {{"LoadBalancerId", "lb-1"}}, listeners(R"([
        {"ListenerId":"lbl-1","Protocol":"HTTPS","SSLMode":"mutual","CertId":"4b9fc92b","CertCaId":"ca000001"},
        {"ListenerId":"lbl-2","Protocol":"HTTP","SSLMode":null,"CertId":null,"CertCaId":null}])"));
    Binding classic = binding({"lb-1", "lbl-1", ""}, "mutual");
    classic.client_ca = "ca000001";
    classic.classic = true;
    CHECK((bindings_of(*this) == BindingSet{classic}));
}

TEST_CASE("every region of the account is looked at, finance regions at hosts of their own") {
    ApiWorld world;
    world.account.regions = {"ap-guangzhou", "ap-shanghai-fsi"};
    ApiCaller caller(world.account, world.ports);
    Api3Cloud cloud(world.account.regions, caller);
    const json::object asked = {{"CertIds", json::array{"4b9fc92b"}}};
    world.http.expect3("DescribeLoadBalancerListByCertId", "ap-guangzhou", asked,
                       yes3(R"("CertSet":[{"CertId":"4b9fc92b","LoadBalancers":[]}])"));
    world.http.expect3(
        "DescribeLoadBalancerListByCertId", "ap-shanghai-fsi", asked,
        yes3(
            R"("CertSet":[{"CertId":"4b9fc92b","LoadBalancers":[{"LoadBalancerId":"lb-9","Forward":1,
            "TargetRegionInfo":{"Region":"ap-beijing"}}]}])"));
    world.http.expect3(
        "DescribeListeners", "ap-shanghai-fsi", {{"LoadBalancerId", "lb-9"}},
        listeners(R"([{"ListenerId":"lbl-1","SniSwitch":0,"Certificate":{"CertId":"4b9fc92b"}}])"));
    const auto bindings = run(cloud.bindings({id}));
    REQUIRE(bindings.has_value());
    REQUIRE(bindings->at(id).size() == 1);
    CHECK(bindings->at(id).begin()->region == "ap-shanghai-fsi");
    CHECK(world.http.requests().at(0).url == "https://clb.tencentcloudapi.com/");
    CHECK(world.http.requests().at(1).url == "https://clb.ap-shanghai-fsi.tencentcloudapi.com/");
    CHECK(world.http.requests().at(2).url == "https://clb.ap-shanghai-fsi.tencentcloudapi.com/");
}

TEST_CASE_FIXTURE(Api3World, "each load balancer is looked at once, for all ids") {
    http.expect3("DescribeLoadBalancerListByCertId", "ap-guangzhou",
                 {{"CertIds", json::array{"4b9fc92b", "e2b6d555"}}}, yes3(R"("CertSet":[
                     {"CertId":"4b9fc92b","LoadBalancers":[{"LoadBalancerId":"lb-1","Forward":1}]},
                     {"CertId":"e2b6d555","LoadBalancers":[{"LoadBalancerId":"lb-1","Forward":1}]}])"));
    expect_listeners(*this, "lb-1", listeners(R"([
        {"ListenerId":"lbl-1","SniSwitch":0,"Certificate":{"CertId":"4b9fc92b"}},
        {"ListenerId":"lbl-2","SniSwitch":0,"Certificate":{"CertId":"e2b6d555"}}])"));
    const auto bindings = run(cloud.bindings({id, CertificateId("e2b6d555")}));
    REQUIRE(bindings.has_value());
    CHECK((bindings->at(id) == BindingSet{binding({"lb-1", "lbl-1", ""}, "")}));
    CHECK((bindings->at(CertificateId("e2b6d555")) == BindingSet{binding({"lb-1", "lbl-2", ""}, "")}));
}

TEST_CASE_FIXTURE(Api3World, "at most 20 ids are asked for in a call") {
    std::vector<CertificateId> ids;
    json::array first;
    for (int index = 0; index < 21; ++index) {
        ids.emplace_back(fmt::format("cert{:04}", index));
        if (index < 20) first.emplace_back(json::string_view(ids.back().str()));
    }
    const HttpResponse none = yes3(R"("CertSet":[])");
    http.expect3("DescribeLoadBalancerListByCertId", "ap-guangzhou", {{"CertIds", first}}, none);
    http.expect3("DescribeLoadBalancerListByCertId", "ap-guangzhou", {{"CertIds", json::array{"cert0020"}}},
                 none);
    const auto bindings = run(cloud.bindings(ids));
    REQUIRE(bindings.has_value());
    CHECK(bindings->size() == 21);
}

TEST_CASE_FIXTURE(Api3World, "an id that is bound nowhere has no bindings, however the answer says it") {
    for (const char* members :
         {R"("CertSet":[])", R"("CertSet":null)", R"("CertSet":[{"CertId":"4b9fc92b","LoadBalancers":null}])",
          R"("CertSet":[{"CertId":"4b9fc92b","LoadBalancers":[]}])"}) {
        CAPTURE(members);
        http.expect3("DescribeLoadBalancerListByCertId", "ap-guangzhou",
                     {{"CertIds", json::array{"4b9fc92b"}}}, yes3(members));
        CHECK(bindings_of(*this).empty());
    }
    CHECK(bindings_among(*this, "null").empty());
}

TEST_CASE_FIXTURE(Api3World, "an answer that is cut short is never taken for bound nowhere") {
    for (const char* members : {"", R"("CertSet":"none")", R"("CertSet":[{"CertId":"4b9fc92b"}])",
                                R"("CertSet":[{"LoadBalancers":[{"LoadBalancerId":"lb 1"}]}])"}) {
        CAPTURE(members);
        http.expect3("DescribeLoadBalancerListByCertId", "ap-guangzhou",
                     {{"CertIds", json::array{"4b9fc92b"}}}, yes3(members));
        CHECK(run(cloud.bindings({id})).error().code() == Errc::answer_malformed);
    }
    for (const HttpResponse& reply : {yes3(), listeners(R"([{"ListenerId":null}])"), listeners("7")}) {
        CAPTURE(reply.body.reveal());
        expect_balancers(*this, R"([{"LoadBalancerId":"lb-1","Forward":1}])");
        expect_listeners(*this, "lb-1", reply);
        CHECK(run(cloud.bindings({id})).error().code() == Errc::answer_malformed);
    }
}

TEST_CASE_FIXTURE(Api3World, "a load balancer that is gone by the second question has no bindings") {
    expect_balancers(*this, R"([{"LoadBalancerId":"lb-1","Forward":1}])");
    expect_listeners(*this, "lb-1", no3("InvalidParameter.LBIdNotFound"));
    CHECK(bindings_of(*this).empty());

    expect_balancers(*this, R"([{"LoadBalancerId":"lb-1","Forward":1}])");
    expect_listeners(*this, "lb-1", no3("InternalError"));
    CHECK(run(cloud.bindings({id})).error().code() == Errc::api_internal);
}

// ---- bindings beside

TEST_CASE_FIXTURE(Api3World, "for a proof only the load balancers are read that are asked about, each once") {
    Binding dual = binding({"lb-1", "lbl-2", ""}, "");
    dual.beside = {CertificateId("ecc00001")};
    expect_listeners(*this, "lb-1", listeners(R"([
        {"ListenerId":"lbl-1","SniSwitch":0,"Certificate":{"CertId":"4b9fc92b"}},
        {"ListenerId":"lbl-2","SniSwitch":0,"Certificate":{"CertId":"4b9fc92b","ExtCertIds":["ecc00001"]}},
        {"ListenerId":"lbl-3","SniSwitch":0,"Certificate":{"CertId":"another1"}}])"));
    expect_listeners(*this, "lb-2", no3("InvalidParameter.LBIdNotFound"));
    const BindingSet places = {binding({"lb-1", "lbl-2", ""}, "mutual"),
                               binding({"lb-1", "lbl-3", ""}, "mutual"),
                               binding({"lb-2", "lbl-1", ""}, "mutual")};
    const auto found = run(cloud.bindings_beside(id, places));
    REQUIRE(found.has_value());
    CHECK((*found == BindingSet{binding({"lb-1", "lbl-1", ""}, ""), dual}));

    expect_listeners(*this, "lb-1", no3("InternalError"));
    CHECK(run(cloud.bindings_beside(id, places)).error().code() == Errc::api_internal);
}

// ---- occupants

std::map<Place, CertificateId> occupants_of(Api3World& world, const BindingSet& places,
                                            const std::string& list) {
    expect_listeners(world, "lb-1", listeners(list));
    const auto occupants = run(world.cloud.occupants(places));
    REQUIRE(occupants.has_value());
    return *occupants;
}

TEST_CASE_FIXTURE(Api3World, "what has taken a certificate's place is told, place by place") {
    const Binding own = binding({"lb-1", "lbl-1", ""}, "unidirectional");
    const Binding domain = binding({"lb-1", "lbl-2", "www.example.com"}, "unidirectional");
    const Binding bare = binding({"lb-1", "lbl-3", ""}, "unidirectional");
    const Binding gone = binding({"lb-1", "lbl-4", ""}, "unidirectional");
    const auto occupants = occupants_of(*this, {own, domain, bare, gone}, R"([
        {"ListenerId":"lbl-1","SniSwitch":0,"Certificate":{"CertId":"another1"}},
        {"ListenerId":"lbl-2","SniSwitch":1,"Rules":[
            {"Domain":"www.example.com","Certificate":{"CertId":"another2"}},
            {"Domain":"example.com","Certificate":{"CertId":"another3"}}]},
        {"ListenerId":"lbl-3","SniSwitch":0,"Certificate":{"CertId":null}}])");
    const std::map<Place, CertificateId> expected = {{own.place, CertificateId("another1")},
                                                     {domain.place, CertificateId("another2")}};
    CHECK((occupants == expected));
}

TEST_CASE_FIXTURE(Api3World, "the place of one of several certificates is what the others leave") {
    Binding dual = binding({"lb-1", "lbl-1", ""}, "unidirectional");
    dual.beside = {CertificateId("ecc00001")};
    Binding lost = binding({"lb-1", "lbl-2", ""}, "unidirectional");
    lost.beside = {CertificateId("ecc00001")};
    Binding lost_beside_a_new_one = binding({"lb-1", "lbl-3", ""}, "unidirectional");
    lost_beside_a_new_one.beside = {CertificateId("ecc00001")};
    const auto occupants = occupants_of(*this, {dual, lost, lost_beside_a_new_one}, R"([
        {"ListenerId":"lbl-1","SniSwitch":0,"Certificate":{"CertId":"ecc00001","ExtCertIds":["another1"]}},
        {"ListenerId":"lbl-3","SniSwitch":0,"Certificate":{"CertId":"ecc00002"}},
        {"ListenerId":"lbl-2","SniSwitch":0,"Certificate":{"CertId":"ecc00001"}}])");
    CHECK((occupants == std::map<Place, CertificateId>{{dual.place, CertificateId("another1")}}));
}

TEST_CASE_FIXTURE(Api3World, "the place of a client CA is that of the CA") {
    Binding client_ca = binding({"lb-1", "lbl-1", ""}, "mutual");
    client_ca.as_client_ca = true;
    client_ca.beside = {CertificateId("server01")};
    const auto occupants = occupants_of(*this, {client_ca}, R"([{"ListenerId":"lbl-1","SniSwitch":0,
        "Certificate":{"SSLMode":"MUTUAL","CertId":"server01","CertCaId":"ca000002"}}])");
    CHECK((occupants == std::map<Place, CertificateId>{{client_ca.place, CertificateId("ca000002")}}));
}

TEST_CASE_FIXTURE(Api3World, "a load balancer that is gone has no occupants") {
    expect_listeners(*this, "lb-1", no3("InvalidParameter.LBIdNotFound"));
    const auto occupants = run(cloud.occupants({binding({"lb-1", "lbl-1", ""}, "unidirectional")}));
    REQUIRE(occupants.has_value());
    CHECK(occupants->empty());
}

}  // namespace
}  // namespace certferry
