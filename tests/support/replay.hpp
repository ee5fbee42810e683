// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <sys/types.h>

namespace certferry::tests {

/// Plays what an ACME client did to its files, one operation at a time and without its pauses. The recordings
/// and their form: tests/watch/data/README.md. Failures throw.
class Replay {
public:
    struct Pair {
        std::string name;
        std::string certificate;  // relative to the root
        std::string key;
    };

    /// `client` as in "certbot"; `root` is an existing directory.
    Replay(const std::string& client, std::filesystem::path root);
    Replay(const Replay&) = delete;
    Replay& operator=(const Replay&) = delete;
    ~Replay();

    std::vector<Pair> pairs() const;
    /// Without the setup.
    std::vector<std::string> phases() const;

    /// Lines are 1-based; one past the last operation of the recording.
    std::size_t end() const { return operations_.size() + 1; }
    std::string phase(std::size_t line) const;
    void play(std::size_t line);
    /// The line after which the pair has the state that it keeps for the rest of the phase.
    std::size_t last_change(const std::string& phase, const std::string& pair) const;

private:
    void open(const boost::json::object& operation, const std::filesystem::path& path);
    void write(const boost::json::object& operation) const;

    std::filesystem::path root_;
    std::vector<boost::json::object> operations_;
    boost::json::object meta_;
    std::map<std::int64_t, int> handles_;
    mode_t umask_;
};

}  // namespace certferry::tests
