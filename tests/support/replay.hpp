// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
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

    /// What a pair is at some moment.
    struct State {
        bool match = false;            // both are whole, and the key is the leaf's; then also:
        std::string leaf;              // the first 8 digits of its fingerprint
        std::size_t certificates = 0;  // in the certificate's file
    };

    /// The names of all recordings.
    static std::vector<std::string> recordings();

    /// `recording` as in "certbot"; `root` is an existing directory.
    Replay(const std::string& recording, std::filesystem::path root);
    Replay(const Replay&) = delete;
    Replay& operator=(const Replay&) = delete;
    ~Replay();

    std::vector<Pair> pairs() const;
    /// Without the setup.
    std::vector<std::string> phases() const;

    /// Lines are 1-based; one past the last operation of the recording.
    std::size_t end() const { return operations_.size() + 1; }
    std::string phase(std::size_t line) const;
    /// When the client did it, since the begin of the phase.
    std::chrono::milliseconds time(std::size_t line) const;
    /// How many bytes it writes at a place of its own choice; 0 when it does something else.
    std::size_t written_bytes(std::size_t line) const;
    /// Of a write, no more than `most` bytes; it may be played again in full.
    void play(std::size_t line, std::size_t most = std::string::npos);
    /// The state in which the pair is after that line.
    State state(std::size_t line, const std::string& pair) const;
    /// The line after which the pair has the state that it keeps for the rest of the phase.
    std::size_t last_change(const std::string& phase, const std::string& pair) const;

private:
    void open(const boost::json::object& operation, const std::filesystem::path& path);
    void write(const boost::json::object& operation, std::size_t most) const;

    std::filesystem::path root_;
    std::vector<boost::json::object> operations_;
    boost::json::object meta_;
    std::map<std::int64_t, int> handles_;
    mode_t umask_;
};

}  // namespace certferry::tests
