// SPDX-License-Identifier: MIT
#include "bundle/pem.hpp"

#include "support/test_certificates.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
        text.replace(at, what.size(), with);
    return text;
}

const std::string& two_certificates() {
    static const tests::TestCa ca;
    static const std::string text = ca.full_chain(ca.issue());
    return text;
}

std::vector<std::string> labels(const Result<std::vector<PemBlock>>& blocks) {
    std::vector<std::string> all;
    if (blocks)
        for (const PemBlock& block : *blocks) all.push_back(block.label);
    return all;
}

TEST_CASE("the blocks of a text are the same however it is dressed") {
    const std::string& plain = two_certificates();
    const auto expected = read_pem(plain, "x.pem");
    REQUIRE(labels(expected) == std::vector<std::string>{"CERTIFICATE", "CERTIFICATE"});

    const std::vector<std::string> dressed = {
        "\xEF\xBB\xBF" + plain,
        replaced(plain, "\n", "\r\n"),
        "\xEF\xBB\xBF" + replaced(plain, "\n", "\r\n"),
        plain.substr(0, plain.size() - 1),
        "\n\n  \n" + plain + "\n\n",
        "subject=CN = www\nissuer=CN = - a CA -\n" + plain + "end of file",
        replaced(plain, "-----BEGIN", "Bag Attributes: <None>\n-----BEGIN"),
        replaced(plain, "-----\n", "-----  \t\n"),
    };
    for (const std::string& text : dressed) {
        CAPTURE(text);
        const auto blocks = read_pem(text, "x.pem");
        REQUIRE(blocks.has_value());
        REQUIRE(labels(blocks) == labels(expected));
        for (std::size_t at = 0; at < blocks->size(); ++at) CHECK((*blocks)[at].der == (*expected)[at].der);
    }
}

TEST_CASE("a text that was cut anywhere inside its last block is refused") {
    const std::string& whole = two_certificates();
    const std::size_t second = whole.rfind("-----BEGIN");
    for (std::size_t size = second + 1; size < whole.size() - 1; ++size) {
        CAPTURE(size);
        const auto blocks = read_pem(whole.substr(0, size), "x.pem");
        REQUIRE_FALSE(blocks.has_value());
        REQUIRE(blocks.error().code() == Errc::pem_invalid);
    }
}

TEST_CASE("a cut text says where it ends") {
    const std::string& whole = two_certificates();
    const std::size_t second = whole.rfind("-----BEGIN");
    for (const std::size_t size : {second + 4, second + 15, second + 28, whole.rfind("-----END")}) {
        CAPTURE(size);
        CHECK(read_pem(whole.substr(0, size), "/etc/ssl/x.pem").error().message() ==
              "/etc/ssl/x.pem: PEM block 2 is cut short: it has a BEGIN but not its END");
    }
}

TEST_CASE("what is no PEM is refused with its reason") {
    struct Case {
        std::string text;
        std::string message;
    };
    const std::vector<Case> cases = {
        {"", "x.pem: the file is empty"},
        {"\xEF\xBB\xBF", "x.pem: the file is empty"},
        {"\n", "x.pem: no PEM block in it"},
        {"hello\n", "x.pem: no PEM block in it"},
        {std::string("0\x82\x01\0\0", 5), "x.pem: no PEM block in it"},
    };
    for (const Case& c : cases) {
        CAPTURE(c.text);
        const auto blocks = read_pem(c.text, "x.pem");
        REQUIRE_FALSE(blocks.has_value());
        CHECK(blocks.error().code() == Errc::pem_invalid);
        CHECK(blocks.error().message() == c.message);
    }
}

TEST_CASE("damage inside a block is refused") {
    const std::string& whole = two_certificates();
    const std::vector<std::string> damaged = {
        replaced(whole, "MII", "M!I"),
        replaced(whole, "-----END CERTIFICATE-----", "-----END X509 CRL-----"),
        replaced(whole, "-----END CERTIFICATE-----", "-----END CERTIFICATE--"),
        whole.substr(0, 200) + whole,
    };
    for (const std::string& text : damaged) {
        CAPTURE(text);
        const auto blocks = read_pem(text, "x.pem");
        REQUIRE_FALSE(blocks.has_value());
        CHECK(blocks.error().code() == Errc::pem_invalid);
    }
}

TEST_CASE("a text with more blocks than any list of roots is refused") {
    std::string text;
    for (std::size_t at = 0; at < max_pem_blocks; ++at) text += "-----BEGIN X-----\nAAAA\n-----END X-----\n";
    CHECK(read_pem(text, "x.pem").has_value());
    text += "-----BEGIN X-----\nAAAA\n-----END X-----\n";
    CHECK(read_pem(text, "x.pem").error().code() == Errc::pem_invalid);
}

TEST_CASE("reading leaves no OpenSSL error behind for the next TLS call") {
    ERR_clear_error();
    CHECK(read_pem(two_certificates(), "x.pem").has_value());
    CHECK_FALSE(read_pem("garbage", "x.pem").has_value());
    CHECK(ERR_peek_error() == 0);
}

}  // namespace
}  // namespace certferry
