// SPDX-License-Identifier: MIT
#include "base/error.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

TEST_CASE("a person is told what happened, and what to do in a sentence of its own") {
    const Error error(Errc::expired, "the certificate for example.com expired on 2026-11-24");
    CHECK(describe(error) == "the certificate for example.com expired on 2026-11-24. Renew the certificate");
    CHECK(describe(Error(Errc::api_busy, "at work")) == "at work");
}

TEST_CASE("a remedy that knows more takes the place of the usual one, wherever the error goes") {
    const Error error = Error(Errc::file_unreadable, "too open").with_remedy("run: chmod 0600 /c");
    CHECK(describe(error.within("/c")) == "/c: too open. Run: chmod 0600 /c");
    CHECK(error.as(Errc::credentials_missing).remedy() == "run: chmod 0600 /c");
}

}  // namespace
}  // namespace certferry
