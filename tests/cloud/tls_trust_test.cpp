// SPDX-License-Identifier: MIT
#include "cloud/tls_trust.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace std::chrono_literals;

TEST_CASE("roots, and the sessions that they have vouched for, are those of a day") {
    TlsTrust trust;
    const std::chrono::steady_clock::time_point start{};
    const std::shared_ptr<TlsRoots> roots = trust.roots(std::nullopt, start).value();
    CHECK(trust.roots(std::nullopt, start + 24h).value() == roots);
    CHECK(trust.roots(std::nullopt, start + 24h + 1s).value() != roots);
}

}  // namespace
}  // namespace certferry
