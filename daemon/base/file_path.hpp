// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <utility>

namespace certferry {

/// A path to keep, in the room of its text: a std::filesystem::path holds each of its components as well,
/// which is ten times as much. Becomes one where it is used.
class FilePath {
public:
    FilePath() = default;
    FilePath(const std::filesystem::path& path) : text_(path.native()) {}
    FilePath(std::string text) : text_(std::move(text)) {}
    FilePath(const char* text) : text_(text) {}

    operator std::filesystem::path() const { return text_; }
    const std::string& string() const { return text_; }
    const char* c_str() const { return text_.c_str(); }
    bool empty() const { return text_.empty(); }

    friend bool operator==(const FilePath&, const FilePath&) = default;

private:
    std::string text_;
};

}  // namespace certferry
