// SPDX-License-Identifier: MIT
#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace certferry::tests {

/// A file of the test tree, as "cloud/data/x.json". Throws when there is none.
inline std::string read_test_data(const std::string& path) {
    std::ifstream file(std::string(CERTFERRY_TEST_DATA) + "/" + path, std::ios::binary);
    if (!file) throw std::runtime_error("no test data at " + path);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace certferry::tests
