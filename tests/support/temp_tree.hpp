// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace certferry::tests {

/// A temporary directory, and what programs do to files in it. Paths are relative to it; failures throw.
class TempTree {
public:
    TempTree();
    TempTree(const TempTree&) = delete;
    TempTree& operator=(const TempTree&) = delete;
    ~TempTree();

    /// Its own path, with no link in it.
    const std::filesystem::path& root() const { return root_; }
    std::filesystem::path path(std::string_view name) const { return name.empty() ? root_ : root_ / name; }

    void make_directory(std::string_view name) const;
    /// In place: truncates what is there.
    void write(std::string_view name, std::string_view text) const;
    /// Through a temporary file that is renamed over `name`.
    void write_over(std::string_view name, std::string_view text) const;
    void link(std::string_view name, std::string_view target) const;
    /// Through a temporary link that is renamed over `name`, as `ln -sfn` does.
    void link_over(std::string_view name, std::string_view target) const;
    void rename(std::string_view from, std::string_view to) const;
    void remove(std::string_view name) const;

private:
    std::filesystem::path root_;
};

}  // namespace certferry::tests
