// SPDX-License-Identifier: MIT
#include "bundle/posix_trust.hpp"

#include "support/temp_dir.hpp"
#include "support/test_certificates.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

config::Config trusting(const std::filesystem::path& file) {
    config::Config config;
    config.mappings.resize(1);
    config.mappings.front().name = MappingName("www");
    config.mappings.front().gate.trust = config::TrustFile{file};
    return config;
}

TEST_CASE("a file of roots is loaded for its mapping") {
    const tests::TempDir dir;
    const auto loaded = load_trust(trusting(dir.write("roots.pem", tests::TestCa().root.pem())));
    REQUIRE(loaded.has_value());
    CHECK_FALSE(loaded->at(MappingName("www")).is_any());
}

TEST_CASE("a file of roots that is missing or none is a mistake of the configuration") {
    const tests::TempDir dir;
    const auto missing = load_trust(trusting(dir.path() / "none.pem"));
    REQUIRE(!missing);
    CHECK(missing.error().code() == Errc::config_invalid);
    CHECK(describe(missing.error()) == "gate.trust of mapping www: " + (dir.path() / "none.pem").string() +
                                           ": No such file or directory. Name a PEM file of roots");

    const auto bad = load_trust(trusting(dir.write("bad.pem", "no PEM")));
    REQUIRE(!bad);
    CHECK(bad.error().code() == Errc::config_invalid);
    CHECK(bad.error().remedy() == "name a PEM file of roots");
}

}  // namespace
}  // namespace certferry
