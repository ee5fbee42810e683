// SPDX-License-Identifier: MIT
#include "config/nearest.hpp"

#include <string>

#include <doctest/doctest.h>

namespace certferry::config {
namespace {

TEST_CASE("a slip of the finger is recognised") {
    const std::vector<std::string_view> known = {"certificate", "old_cert_id", "kind", "name"};
    CHECK(nearest("old_cert", known) == std::nullopt);
    CHECK(nearest("oldcertid", known) == "old_cert_id");
    CHECK(nearest("certifcate", known) == "certificate");
    CHECK(nearest("nmae", known) == "name");
    CHECK(nearest("KIND", known) == "kind");
}

TEST_CASE("a word that is far from all is not mistaken for one") {
    CHECK(nearest("webhook", {"certificate", "kind"}) == std::nullopt);
    CHECK(nearest("", {"id"}) == std::nullopt);
    CHECK(nearest(std::string(100, 'x'), {"xx"}) == std::nullopt);
}

TEST_CASE("the nearest of several wins") {
    CHECK(nearest("defualt", {"defunct", "default"}) == "default");
}

}  // namespace
}  // namespace certferry::config
