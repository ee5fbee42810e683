// SPDX-License-Identifier: MIT
#include "base/base64.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

std::string encoded(std::string_view text) {
    return to_base64({reinterpret_cast<const unsigned char*>(text.data()), text.size()});
}

// RFC 4648 §10.
TEST_CASE("base64 there and back") {
    const std::pair<std::string_view, std::string_view> vectors[] = {
        {"f", "Zg=="},        {"fo", "Zm8="},        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, text] : vectors) {
        CHECK(encoded(plain) == text);
        REQUIRE(from_base64(text));
        CHECK(from_base64(text)->reveal() == plain);
    }
    CHECK(encoded("").empty());
}

TEST_CASE("what is no base64 gives nothing") {
    for (const std::string_view bad : {"", "Zg", "Zg=", "Z!==", "Zm9v\n", "hunter2"})
        CHECK_FALSE(from_base64(bad));
}

}  // namespace
}  // namespace certferry
