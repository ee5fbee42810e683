// SPDX-License-Identifier: MIT
#include "config/find_mapping.hpp"

#include <doctest/doctest.h>

namespace certferry::config {
namespace {

TEST_CASE("a name that no mapping has is an error that says what was meant") {
    Config config;
    config.mappings.emplace_back().name = MappingName("www");
    CHECK(*find_mapping(config, MappingName("www")) == config.mappings.data());
    CHECK(describe(find_mapping(config, MappingName("ww")).error()) ==
          "no mapping is named \"ww\". Did you mean \"www\"?");
    CHECK(describe(find_mapping(config, MappingName("another")).error()) ==
          "no mapping is named \"another\". There are: www");
}

}  // namespace
}  // namespace certferry::config
