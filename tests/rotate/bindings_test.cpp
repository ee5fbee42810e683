// SPDX-License-Identifier: MIT
#include "rotate/bindings.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

Binding binding(const char* listener, const char* mode = "unidirectional", const char* ca = "") {
    Binding binding;
    binding.place = {"lb-1", listener, ""};
    binding.region = "ap-guangzhou";
    binding.ssl_mode = mode;
    binding.client_ca = ca;
    return binding;
}

TEST_CASE("a movement sorts the old bindings by what became of them") {
    const BindingSet before = {binding("a"), binding("b"), binding("c"), binding("d", "mutual", "ca1")};
    const Movement moves = movement(before, {binding("b")}, {binding("a"), binding("d")});

    CHECK(moves.moved == std::vector{binding("a")});
    CHECK(moves.left == std::vector{binding("b")});
    CHECK(moves.lost == std::vector{binding("c")});
    CHECK(moves.altered == std::vector{binding("d", "mutual", "ca1")});
    CHECK_FALSE(moves.all());
    CHECK_FALSE(moves.none());
    CHECK(movement(before, before, {}).none());
    CHECK(movement({binding("a")}, {binding("b")}, {binding("a")}).left == std::vector{binding("b")});
}

TEST_CASE("a client CA that was itself replaced is no alteration") {
    const Movement moves = movement({binding("a", "mutual", "ca1")}, {}, {binding("a", "mutual", "ca2")});
    CHECK(moves.all());
}

TEST_CASE("a certificate beside it that is gone is an alteration, one that was replaced is none") {
    Binding dual = binding("a");
    dual.beside = {CertificateId("ecc")};
    Binding renewed = dual;
    renewed.beside = {CertificateId("newer")};
    CHECK(movement({dual}, {}, {renewed}).altered.empty());
    CHECK(movement({dual}, {}, {binding("a")}).altered == std::vector{dual});
}

TEST_CASE("bindings are shown by place, a handful at most") {
    CHECK(to_text(std::vector{binding("a"), binding("b")}) == "lb-1/a, lb-1/b");
    const std::vector many(7, binding("a"));
    CHECK(to_text(many) == "lb-1/a, lb-1/a, lb-1/a, lb-1/a, lb-1/a and 2 more");
}

}  // namespace
}  // namespace certferry
