// SPDX-License-Identifier: MIT
#include "cloud/echo.hpp"

#include "support/test_certificates.hpp"

#include <regex>

#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace tests;

const std::string key = TestKey::make(KeyType::rsa).traditional();
// Without its first and last line.
const std::string key_base64 = key.substr(key.find('\n') + 1, key.rfind("\n-----END") - key.find('\n') - 1);

std::string heard(std::string_view text, std::string_view secret = key) {
    return without_echo(text, {Secret("something else"), Secret(secret)});
}

std::string replaced(const std::string& text, const char* what, const std::string& by) {
    return std::regex_replace(text, std::regex(what), by);
}

TEST_CASE("a message that repeats no secret stays as it is") {
    const std::string message = "(8000)newCertName certferry-www-0123456789ab is taken: C:\\new 100%";
    CHECK(heard(message) == message);
    CHECK(heard("") == "");
    CHECK(without_echo(message, {}) == message);
}

TEST_CASE("a repeated key is not heard, whatever became of its line breaks and signs") {
    for (const std::string& echo :
         {key_base64, replaced(key_base64, "\n", " "), replaced(key_base64, "\n", "\\n"),
          replaced(key_base64, "\n", "\\r\\n"), replaced(key_base64, "\n", ""),
          replaced(key_base64, "/", "\\/"),
          replaced(replaced(replaced(key_base64, "\\+", "%2B"), "/", "%2f"), "\n", "%0A")}) {
        CAPTURE(echo);
        CHECK(heard("bad key " + echo + " (line 3)") == "bad key [...] (line 3)");
    }
}

TEST_CASE("from where a PEM block begins on, nothing is heard") {
    CHECK(heard("bad key: " + key, "") == "bad key: [...]");
    CHECK(heard("bad: -----BEGIN CERTIFICATE-----") == "bad: [...]");
}

TEST_CASE("a part of a secret is not heard from 16 characters on") {
    const std::string part = key_base64.substr(100, 16);
    CHECK(heard("got '" + part + "'") == "got '[...]'");
    CHECK(heard("got '" + part.substr(1) + "'") == "got '" + part.substr(1) + "'");
    CHECK(heard(part + ", " + key_base64.substr(300, 40)) == "[...], [...]");
    CHECK(heard("at \\0123456789abcdef", "r0123456789abcdef") == "at [...]");
    CHECK(heard("at \\r123456789abcdef", "0r123456789abcdef") == "at \\[...]");
    CHECK(heard("no SECRETKEY0123456789abcdefghijkl", "SECRETKEY0123456789abcdefghijkl") == "no [...]");
}

}  // namespace
}  // namespace certferry
