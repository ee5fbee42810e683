// SPDX-License-Identifier: MIT
#include "form.hpp"

#include "cloud/sign_api2.hpp"

#include <doctest/doctest.h>

namespace certferry::sandbox {
namespace {

std::string value_of(std::string_view form, const std::string& name) {
    const Parameters parameters = form_decode(form);
    REQUIRE(parameters.contains(name));
    return std::string(parameters.at(name).reveal());
}

TEST_CASE("what the daemon encodes is read back byte by byte") {
    std::string every_byte;
    for (int byte = 0; byte < 256; ++byte) every_byte += static_cast<char>(byte);
    Parameters sent;
    sent["newCertContent"] = Secret(every_byte);
    sent["a&b=c"] = Secret("");
    CHECK(form_decode(form_encode(sent).reveal()) == sent);
}

TEST_CASE("both spellings of a space are one") {
    CHECK(value_of("a=x+y", "a") == "x y");
    CHECK(value_of("a=x%20y", "a") == "x y");
    CHECK(value_of("a=%2B", "a") == "+");
}

TEST_CASE("a percent sign that escapes nothing stays") {
    for (const char* const text : {"%", "%4", "%zz", "%-1", "100%", "%%"})
        CHECK(value_of(std::string("a=") + text, "a") == text);
}

TEST_CASE("of a name that comes twice the last value counts") {
    CHECK(value_of("a=1&b=2&a=3", "a") == "3");
}

TEST_CASE("names without values, and nothing between two ampersands") {
    const Parameters parameters = form_decode("&&a&b=&&");
    CHECK(parameters.size() == 2);
    CHECK(parameters.at("a").empty());
    CHECK(parameters.at("b").empty());
    CHECK(form_decode("").empty());
}

}  // namespace
}  // namespace certferry::sandbox
