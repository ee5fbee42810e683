// SPDX-License-Identifier: MIT
#pragma once

#include "base/files.hpp"

#include <functional>
#include <map>
#include <set>
#include <string>

#include <fmt/format.h>

namespace certferry::tests {

/// Files in memory behind the port. Every write gives a new stamp, even of the same contents. Reading follows
/// no links.
class FakeFiles final : public Files {
public:
    void write(const std::filesystem::path& path, std::string text) {
        File& file = files_[path];
        file.text = std::move(text);
        file.stamp.size = file.text.size();
        file.stamp.changed_ns = ++writes_;
    }
    void remove(const std::filesystem::path& path) { files_.erase(path); }

    /// Runs after each read, with its path: the place to change a file between two reads.
    std::function<void(const std::filesystem::path&)> after_read = [](const auto&) {};
    std::map<std::filesystem::path, std::filesystem::path> links;
    /// How often each path was read.
    mutable std::map<std::filesystem::path, int> reads;

    Result<FileContents> read(const FilePath& path, std::size_t max_bytes) const override {
        const auto found = files_.find(path);
        if (found == files_.end()) return missing(path);
        if (found->second.text.size() > max_bytes)
            return Error(Errc::file_unfit, fmt::format("{}: too large", path.string()));
        FileContents contents{Secret(found->second.text), found->second.stamp};
        ++reads[path];
        after_read(path);
        return contents;
    }

    Result<FileStamp> stamp(const FilePath& path) const override {
        const auto found = files_.find(path);
        if (found == files_.end()) return missing(path);
        return found->second.stamp;
    }

    Result<std::filesystem::path> link_target(const FilePath& path) const override {
        if (const auto link = links.find(path); link != links.end()) return link->second;
        if (!files_.contains(path)) return missing(path);
        return std::filesystem::path();
    }

    Result<std::vector<std::string>> names_in(const FilePath& path) const override {
        std::set<std::string> names;
        for (const auto& [file, contents] : files_) {
            const std::filesystem::path below = file.lexically_relative(path);
            if (*below.begin() != "..") names.insert(*below.begin());
        }
        if (names.empty()) return missing(path);
        return std::vector(names.begin(), names.end());
    }

private:
    struct File {
        std::string text;
        FileStamp stamp;
    };

    static Error missing(const std::filesystem::path& path) {
        return Error(Errc::file_missing, fmt::format("{}: no such file", path.string()));
    }

    std::map<std::filesystem::path, File> files_;
    std::int64_t writes_ = 0;
};

}  // namespace certferry::tests
