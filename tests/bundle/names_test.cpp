// SPDX-License-Identifier: MIT
#include "bundle/names.hpp"

#include "support/test_certificates.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

using Names = std::vector<std::string>;

Names names_for(Names alternative_names, std::string common_name) {
    tests::CertificateSpec spec;
    spec.names = std::move(alternative_names);
    spec.common_name = std::move(common_name);
    return names_of(*tests::TestCertificate::self_signed(spec).get());
}

TEST_CASE("names are lower case, sorted, once each, and addresses are among them") {
    CHECK(names_for({"b.example.com", "A.Example.COM", "b.example.com", "*.example.com"}, "other") ==
          Names{"*.example.com", "a.example.com", "b.example.com"});
    CHECK(names_for({"IP:192.0.2.1", "IP:2001:db8::1", "a.example"}, "other") ==
          Names{"192.0.2.1", "2001:db8::1", "a.example"});
}

TEST_CASE("the common name counts only where there is no alternative name, and only as a host's") {
    CHECK(names_for({"a.example"}, "cn.example") == Names{"a.example"});
    CHECK(names_for({}, "CN.example") == Names{"cn.example"});
    CHECK(names_for({}, "Example Client CA") == Names{});
    CHECK(names_for({}, "a.example\n[error] forged") == Names{});
}

TEST_CASE("a name is covered by itself, and by a wildcard for its one first label") {
    struct Case {
        std::string held;
        std::string wanted;
        bool covered;
    };
    const std::vector<Case> cases = {
        {"www.example.com", "www.example.com", true}, {"*.example.com", "www.example.com", true},
        {"*.example.com", "*.example.com", true},     {"*.example.com", "example.com", false},
        {"*.example.com", "a.b.example.com", false},  {"*.example.com", "wwwxexample.com", false},
        {"*.example.com", ".example.com", false},     {"*.com", "*.example.com", false},
        {"www.example.com", "*.example.com", false},  {"*.2.1", "192.0.2.1", false},
        {"example.com", "www.example.com", false},
    };
    for (const Case& c : cases) {
        CAPTURE(c.held);
        CAPTURE(c.wanted);
        CHECK(covers(c.held, c.wanted) == c.covered);
    }
}

TEST_CASE("only the names that nothing covers are lost") {
    CHECK(lost_names({"*.example.com", "example.net"},
                     {"a.example.com", "example.com", "example.net", "x.y.example.com"}) ==
          Names{"example.com", "x.y.example.com"});
    CHECK(lost_names({"a.example"}, {}).empty());
}

}  // namespace
}  // namespace certferry
