// SPDX-License-Identifier: MIT
#include "support/temp_tree.hpp"

#include <fstream>
#include <stdexcept>

#include <stdlib.h>

namespace certferry::tests {

namespace fs = std::filesystem;

TempTree::TempTree() {
    std::string name = (fs::temp_directory_path() / "certferry-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory at " + name);
    root_ = fs::canonical(name);
}

TempTree::~TempTree() {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
}

void TempTree::make_directory(std::string_view name) const {
    fs::create_directories(path(name));
}

void TempTree::write(std::string_view name, std::string_view text) const {
    std::ofstream file(path(name), std::ios::binary | std::ios::trunc);
    file << text;
    if (!file.flush()) throw std::runtime_error("cannot write " + path(name).string());
}

void TempTree::write_over(std::string_view name, std::string_view text) const {
    const std::string temporary = std::string(name) + ".tmp";
    write(temporary, text);
    rename(temporary, name);
}

void TempTree::link(std::string_view name, std::string_view target) const {
    fs::create_symlink(target, path(name));
}

void TempTree::link_over(std::string_view name, std::string_view target) const {
    const std::string temporary = std::string(name) + ".tmp";
    link(temporary, target);
    rename(temporary, name);
}

void TempTree::rename(std::string_view from, std::string_view to) const {
    fs::rename(path(from), path(to));
}

void TempTree::remove(std::string_view name) const {
    if (fs::remove_all(path(name)) == 0)
        throw std::runtime_error("nothing to remove at " + path(name).string());
}

}  // namespace certferry::tests
