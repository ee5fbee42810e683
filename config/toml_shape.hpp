// SPDX-License-Identifier: MIT
#pragma once

#include "config/problem.hpp"

#include <toml++/toml.h>

namespace certferry::config {

/// Reports every key of a document that the table of keys does not have, every value that is not what its key
/// wants, and every required key that is missing. What is not reported may be read without asking again.
void check_shape(const toml::table& document, std::size_t file, Report& report);

inline Place place(std::size_t file, const toml::source_region& region) {
    return {file, region.begin.line, region.begin.column};
}

}  // namespace certferry::config
