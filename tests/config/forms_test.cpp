// SPDX-License-Identifier: MIT
#include "config/forms.hpp"

#include <doctest/doctest.h>

namespace certferry::config {
namespace {

TEST_CASE("an endpoint of the API is https, a host and perhaps a port") {
    for (const char* good : {"https://lb.api.qcloud.com", "https://127.0.0.1:8443", "https://[::1]:8443"})
        CHECK_MESSAGE(is_https_origin(good), good);
    for (const char* bad :
         {"http://lb.api.qcloud.com", "https://", "https://host/", "https://host/v2", "https://me:pw@host",
          "https://host:0", "https://host:65536", "https://host:", "https://host?a=b", "https://[::1",
          "https://[]", "https://a b", "lb.api.qcloud.com"})
        CHECK_FALSE_MESSAGE(is_https_origin(bad), bad);
}

TEST_CASE("a place to probe is host:port and turns back into its text") {
    const auto www = parse_endpoint("www.example.com:443");
    REQUIRE(www.has_value());
    CHECK(*www == ProbeEndpoint{"www.example.com", 443, std::nullopt});
    const auto ipv6 = parse_endpoint("[2001:db8::1]:8443");
    REQUIRE(ipv6.has_value());
    CHECK(*ipv6 == ProbeEndpoint{"2001:db8::1", 8443, std::nullopt});
    CHECK(host_and_port(*ipv6) == "[2001:db8::1]:8443");
    for (const char* elsewhere : {"www.example.com@203.0.113.7:443", "www.example.com@[2001:db8::1]:8443"}) {
        const auto endpoint = parse_endpoint(elsewhere);
        REQUIRE_MESSAGE(endpoint.has_value(), elsewhere);
        CHECK(endpoint->host == "www.example.com");
        CHECK(host_and_port(*endpoint) == elsewhere);
    }
    for (const char* bad :
         {"www.example.com", "www.example.com:", ":443", "2001:db8::1:443", "a/b:443", "", "@203.0.113.7:443",
          "www.example.com@203.0.113.7", "www.example.com:443@203.0.113.7"})
        CHECK_FALSE_MESSAGE(parse_endpoint(bad).has_value(), bad);
}

TEST_CASE("a place to listen at is an address with a port, a socket or none, and turns back into its text") {
    for (const char* good : {"127.0.0.1:9812", "[::1]:80", "0.0.0.0:1", "unix:/run/http.sock", ""}) {
        const auto listen = parse_listen(good);
        REQUIRE_MESSAGE(listen.has_value(), good);
        CHECK(written(*listen) == good);
    }
    for (const char* bad :
         {"localhost:80", "127.0.0.1", ":80", "127.0.0.1:0", "unix:http.sock", "300.0.0.1:80", "::1:80"})
        CHECK_FALSE_MESSAGE(parse_listen(bad).has_value(), bad);
}

TEST_CASE("addresses of this machine alone are told from others") {
    for (const char* own : {"127.0.0.1", "127.9.9.9", "::1"}) CHECK_MESSAGE(is_loopback(own), own);
    for (const char* other : {"0.0.0.0", "::", "10.0.0.1", "128.0.0.1", "localhost", ""})
        CHECK_FALSE_MESSAGE(is_loopback(other), other);
}

TEST_CASE("a CVM's own facts are at an http address") {
    CHECK(is_http_origin("http://127.0.0.1:8080"));
    for (const char* bad : {"https://metadata.tencentyun.com", "http://metadata.tencentyun.com/latest"})
        CHECK_FALSE_MESSAGE(is_http_origin(bad), bad);
}

TEST_CASE("a role is named by a plain name or by its ARN") {
    CHECK(is_role_name("CVM_QCSRole"));
    CHECK(is_role_arn("qcs::cam::uin/100000000001:roleName/certferry"));
    CHECK(is_role_arn("qcs::cam::uin/100000000001:role/tencentcloudServiceRoleName/x"));
    for (const char* bad : {"", "a/b", "a\nb"}) CHECK_FALSE_MESSAGE(is_role_name(bad), bad);
    for (const char* bad : {"certferry", "qcs::cam::uin/100000000001", "qcs::cam::uin/1:roleName/a b"})
        CHECK_FALSE_MESSAGE(is_role_arn(bad), bad);
    CHECK(is_external_id("acme:7/b"));
    CHECK_FALSE(is_external_id("a"));
}

TEST_CASE("names cannot leave their directory") {
    CHECK(is_lineage_name("example.com-0001"));
    for (const char* bad : {"", ".", "..", "a/b", "*.example.com", "a b"})
        CHECK_FALSE_MESSAGE(is_lineage_name(bad), bad);
    CHECK(is_name(std::string(64, 'a')));
    CHECK_FALSE(is_name(std::string(65, 'a')));
}

}  // namespace
}  // namespace certferry::config
