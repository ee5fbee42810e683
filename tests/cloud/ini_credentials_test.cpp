// SPDX-License-Identifier: MIT
#include "cloud/ini_credentials.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

TEST_CASE("the official tools' file is told from TOML by its section") {
    CHECK(is_ini_credentials("[default]\nsecret_id = AKID1\n"));
    CHECK(is_ini_credentials("\n  # a comment\n; another\n\r\n  [default]\n"));
    CHECK_FALSE(is_ini_credentials("secret_id = \"AKID1\"\n[default]\n"));
    CHECK_FALSE(is_ini_credentials("# [default]\n"));
    CHECK_FALSE(is_ini_credentials(""));
}

TEST_CASE("[default] has the keys, however they are spaced") {
    const auto found = read_ini_credentials(
        "# mine\r\n[other]\r\nsecret_id = wrong\r\n[default]\r\nsecret_id=AKID1\r\n  secret_key =  k=e;y/+  "
        "\r\n"
        "region = ap-guangzhou\r\ntoken = \"quoted\"\r\n[more]\r\nsecret_key = wrong",
        "the file");
    REQUIRE(found.has_value());
    CHECK(found->secret_id == "AKID1");
    CHECK(found->secret_key.reveal() == "k=e;y/+");
    CHECK(found->token.reveal() == "quoted");
    CHECK(found->source == "the file");
}

TEST_CASE("half of a pair is refused without repeating what is there") {
    const auto refusal = [](std::string_view text) {
        return describe(read_ini_credentials(text, "the file").error());
    };
    CHECK(refusal("[default]\nsecret_id = AKID1\nsecretkey = hunter2\n") ==
          "the file: secret_key is missing or empty in [default]. Add secret_key = … below [default]");
    CHECK(refusal("[profile]\nsecret_id = AKID1\nsecret_key = hunter2\n") ==
          "the file: secret_id is missing or empty in [default]. Add secret_id = … below [default]");
}

}  // namespace
}  // namespace certferry
