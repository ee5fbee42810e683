// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace certferry {

/// The status page as one document without outside resources, made of page/page.html, page.css and page.js.
struct Page {
    std::string html;
    std::string
        policy;  // its Content-Security-Policy: this style and this script, by their hashes, and no other
};

/// The page, from the three files as the build has embedded them.
Page make_page();

}  // namespace certferry
