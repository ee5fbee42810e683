// SPDX-License-Identifier: MIT
#include "config/keys.hpp"

#include <set>

#include <doctest/doctest.h>

namespace certferry::config {
namespace {

TEST_CASE("every key is there once, below a key that is there, and is explained") {
    std::set<std::string_view> paths;
    for (const Key& key : keys()) {
        CAPTURE(key.path);
        CHECK(paths.insert(key.path).second);
        if (!key.parent().empty()) CHECK(find_key(key.parent()) != nullptr);
        CHECK((key.name() == "NAME" || key.doc.ends_with('.')));
    }
}

TEST_CASE("every key has a default, a sample or keys of its own") {
    for (const Key& key : keys()) {
        CAPTURE(key.path);
        CHECK((!key.initial.empty() || !key.sample.empty() || !keys_of(key.path).empty()));
    }
}

}  // namespace
}  // namespace certferry::config
