// SPDX-License-Identifier: MIT
#include "cloud/url.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

TEST_CASE("host and port are found in a URL, in an endpoint and beside an IPv6 address") {
    CHECK(url_authority("https://lb.api.qcloud.com/v2/index.php") == "lb.api.qcloud.com");
    CHECK(url_authority("https://sandbox.test:8443/v2") == "sandbox.test:8443");
    CHECK(url_authority("https://sandbox.test:8443") == "sandbox.test:8443");
    CHECK(url_host("https://lb.api.qcloud.com/v2/index.php") == "lb.api.qcloud.com");
    CHECK(url_host("https://sandbox.test:8443/v2:9") == "sandbox.test");
    CHECK(url_host("https://[::1]:8443/v2") == "[::1]");
    CHECK(url_host("https://[::1]") == "[::1]");
    CHECK(url_name("https://[::1]:8443") == "::1");
    CHECK(url_name("https://sandbox.test:8443/v2:9") == "sandbox.test");
    CHECK(url_port("https://sandbox.test:8443/v2:9") == 8443);
    CHECK(url_port("https://[::1]:8443") == 8443);
    CHECK(!url_port("https://[::1]"));
    CHECK(!url_port("https://sandbox.test/v2:9"));
    CHECK(!url_port("https://sandbox.test:84430"));
}

TEST_CASE("what is asked for follows the host") {
    CHECK(url_target("https://lb.api.qcloud.com/v2/index.php?a=b") == "/v2/index.php?a=b");
    CHECK(url_target("https://sandbox.test:8443") == "/");
    CHECK(url_target("https://sandbox.test:8443?key=a/b") == "/?key=a/b");
}

}  // namespace
}  // namespace certferry
