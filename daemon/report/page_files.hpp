// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

/// The files of page/, as the build has embedded them.
namespace certferry::page_files {

extern const std::string_view html;
extern const std::string_view css;
extern const std::string_view js;

}  // namespace certferry::page_files
