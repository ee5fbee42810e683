// SPDX-License-Identifier: MIT
// Prints certferry.toml(5), for the build.
#include "config/manual.hpp"

#include <iostream>

int main() {
    std::cout << certferry::config::manual() << std::flush;
    return std::cout ? 0 : 1;
}
