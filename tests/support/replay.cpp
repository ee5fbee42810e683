// SPDX-License-Identifier: MIT
#include "support/replay.hpp"

#include "support/read_file.hpp"

#include <algorithm>
#include <cerrno>
#include <sstream>
#include <system_error>

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace certferry::tests {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

int must(int result) {
    if (result < 0) throw std::system_error(errno, std::generic_category(), "replay");
    return result;
}

std::string text(const json::object& object, const char* key) {
    return json::value_to<std::string>(object.at(key));
}

mode_t mode(const json::object& operation) {
    return operation.contains("mode") ? static_cast<mode_t>(std::stoul(text(operation, "mode"), nullptr, 8))
                                      : 0600;
}

int open_flags(const std::string& recorded) {
    int flags = O_CLOEXEC | (recorded.find("rdwr") != std::string::npos ? O_RDWR : O_WRONLY);
    for (const auto& [name, flag] :
         {std::pair{"creat", O_CREAT}, {"excl", O_EXCL}, {"trunc", O_TRUNC}, {"append", O_APPEND}})
        if (recorded.find(name) != std::string::npos) flags |= flag;
    return flags;
}

std::string at_root(std::string target, const fs::path& root) {
    constexpr std::string_view mark = "@ROOT@";
    return target.starts_with(mark) ? root.string() + target.substr(mark.size()) : target;
}

// A row of a timeline; "cert" is "8552686b/2".
Replay::State state_of(const json::object& row) {
    Replay::State state;
    state.match = text(row, "state") == "MATCH";
    if (!state.match) return state;
    const std::string certificate = text(row, "cert");
    const std::size_t slash = certificate.find('/');
    state.leaf = certificate.substr(0, slash);
    state.certificates = std::stoul(certificate.substr(slash + 1));
    return state;
}

}  // namespace

std::vector<std::string> Replay::recordings() {
    constexpr std::string_view ending = ".jsonl";
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(std::string(CERTFERRY_TEST_DATA) + "/watch/data")) {
        const std::string name = entry.path().filename();
        if (name.ends_with(ending)) names.push_back(name.substr(0, name.size() - ending.size()));
    }
    std::sort(names.begin(), names.end());
    return names;
}

Replay::Replay(const std::string& recording, fs::path root)
    : root_(std::move(root)),
      meta_(json::parse(read_test_data("watch/data/" + recording + ".meta.json")).as_object()),
      umask_(::umask(0)) {
    std::istringstream lines(read_test_data("watch/data/" + recording + ".jsonl"));
    for (std::string line; std::getline(lines, line);) operations_.push_back(json::parse(line).as_object());
}

Replay::~Replay() {
    for (const auto& [number, descriptor] : handles_) ::close(descriptor);
    ::umask(umask_);
}

std::vector<Replay::Pair> Replay::pairs() const {
    std::vector<Pair> pairs;
    for (const json::value& pair : meta_.at("pairs").as_array())
        pairs.push_back(
            {text(pair.as_object(), "name"), text(pair.as_object(), "cert"), text(pair.as_object(), "key")});
    return pairs;
}

std::vector<std::string> Replay::phases() const {
    return json::value_to<std::vector<std::string>>(meta_.at("phases"));
}

std::string Replay::phase(std::size_t line) const {
    return text(operations_.at(line - 1), "phase");
}

std::size_t Replay::last_change(const std::string& phase, const std::string& pair) const {
    const json::object& states = meta_.at("states").as_object().at(phase).as_object();
    std::size_t last = 0;
    for (const json::value& row : states.at(pair).as_object().at("timeline").as_array())
        if (row.at("state") != "@hook" && !row.at("line").is_null())
            last = row.at("line").to_number<std::size_t>();
    return last;
}

std::chrono::milliseconds Replay::time(std::size_t line) const {
    return std::chrono::milliseconds(
        static_cast<std::int64_t>(operations_.at(line - 1).at("t_ms").to_number<double>()));
}

std::size_t Replay::written_bytes(std::size_t line) const {
    const json::object& operation = operations_.at(line - 1);
    return text(operation, "op") == "write" ? operation.at("len").to_number<std::size_t>() : 0;
}

Replay::State Replay::state(std::size_t line, const std::string& pair) const {
    State state;
    for (const std::string& phase : phases()) {
        const json::object& states = meta_.at("states").as_object().at(phase).as_object();
        for (const json::value& row : states.at(pair).as_object().at("timeline").as_array()) {
            if (row.at("state") == "@hook" || row.at("line").is_null()) continue;
            if (row.at("line").to_number<std::size_t>() > line) return state;
            state = state_of(row.as_object());
        }
    }
    return state;
}

void Replay::play(std::size_t line, std::size_t most) {
    const json::object& operation = operations_.at(line - 1);
    const std::string op = text(operation, "op");
    if (op == "mark" || op == "fsync") return;
    const fs::path path = root_ / text(operation, "path");
    const auto to = [&] { return text(operation, "to"); };
    if (op == "open") return open(operation, path);
    if (op == "write" || op == "append") return write(operation, most);
    if (op == "close")
        must(::close(handles_.extract(operation.at("h").to_number<std::int64_t>()).mapped()));
    else if (op == "rename")
        must(::rename(path.c_str(), (root_ / to()).c_str()));
    else if (op == "link")
        must(::link(path.c_str(), (root_ / to()).c_str()));
    else if (op == "symlink")
        must(::symlink(at_root(to(), root_).c_str(), path.c_str()));
    else if (op == "unlink")
        must(::unlink(path.c_str()));
    else if (op == "rmdir")
        must(::rmdir(path.c_str()));
    else if (op == "mkdir")
        must(::mkdir(path.c_str(), mode(operation)));
    else if (op == "chmod")
        must(::chmod(path.c_str(), mode(operation)));
    else if (op == "chown")
        must(::lchown(path.c_str(), ::getuid(), static_cast<gid_t>(-1)));
    else if (op == "utimens")
        must(::utimensat(AT_FDCWD, path.c_str(), nullptr, AT_SYMLINK_NOFOLLOW));
    else
        throw std::runtime_error("replay: unknown operation " + op);
}

void Replay::open(const json::object& operation, const fs::path& path) {
    const int descriptor = must(::open(path.c_str(), open_flags(text(operation, "flags")), mode(operation)));
    handles_.emplace(operation.at("h").to_number<std::int64_t>(), descriptor);
}

void Replay::write(const json::object& operation, std::size_t most) const {
    const std::string contents = read_test_data("watch/data/" + text(operation, "content_ref"));
    const std::string part = contents.substr(operation.at("src_off").to_number<std::size_t>(),
                                             std::min(most, operation.at("len").to_number<std::size_t>()));
    const int descriptor = handles_.at(operation.at("h").to_number<std::int64_t>());
    const auto written =
        ::pwrite(descriptor, part.data(), part.size(), operation.at("off").to_number<off_t>());
    must(static_cast<int>(written));
}

}  // namespace certferry::tests
