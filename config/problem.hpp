// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace certferry::config {

/// One mistake in a configuration, for the person who made it.
struct Problem {
    std::filesystem::path file;
    unsigned line = 0;    // from 1; 0 when it is about the whole file
    unsigned column = 0;  // from 1, in characters
    std::string source_line;
    std::string sentence;
    std::string suggestion;  // empty when the sentence says it all

    friend bool operator==(const Problem&, const Problem&) = default;
};

/// As compilers show it: file:line:column and the sentence, the line with a caret, the suggestion. Ends with
/// a newline. Control characters are not passed on to the terminal; a line that may hold a secret is shown
/// only up to its '='.
std::string format(const Problem& problem);

/// Somewhere in the files of a configuration.
struct Place {
    std::size_t file = 0;  // as numbered by Report
    unsigned line = 0;
    unsigned column = 0;
};

/// The files of one configuration in the order they were read, and what is wrong in them.
class Report {
public:
    /// Numbers a file from 0. Without `text`, only problems of the whole file can be shown.
    std::size_t add_file(std::filesystem::path path, std::string_view text = {});

    void add(const Place& place, std::string sentence, std::string suggestion = {});

    /// "/etc/certferry/certferry.toml:12", for sentences that point to a second place.
    std::string name(const Place& place) const;

    bool clean() const { return problems_.empty(); }

    /// In the order of the files, and of the lines in them.
    std::vector<Problem> sorted() const;

private:
    struct File {
        std::filesystem::path path;
        std::vector<std::string> lines;
    };
    struct Entry {
        Place place;
        std::string sentence;
        std::string suggestion;
    };

    std::vector<File> files_;
    std::vector<Entry> problems_;
};

}  // namespace certferry::config
