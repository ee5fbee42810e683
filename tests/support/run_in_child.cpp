// SPDX-License-Identifier: MIT
#include "support/run_in_child.hpp"

#include <array>
#include <fstream>
#include <stdexcept>

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

namespace certferry::tests {
namespace {

[[noreturn]] void report(int pipe, const std::function<std::string()>& body) {
    std::string text;
    try {
        text = body();
    } catch (const std::exception& error) {
        text = std::string("threw: ") + error.what();
    }
    const bool told = ::write(pipe, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    ::_exit(told ? 0 : 1);
}

std::string read_all(int pipe) {
    std::string text;
    std::array<char, 4096> part{};
    for (ssize_t got = 0; (got = ::read(pipe, part.data(), part.size())) > 0;)
        text.append(part.data(), static_cast<std::size_t>(got));
    return text;
}

bool write_file(const char* path, const std::string& text) {
    std::ofstream file(path);
    file << text << std::flush;
    return file.good();
}

}  // namespace

std::string run_in_child(const std::function<std::string()>& body) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
    const pid_t child = ::fork();
    if (child < 0) throw std::runtime_error("no child process");
    if (child == 0) report(ends[1], body);

    ::close(ends[1]);
    std::string text = read_all(ends[0]);
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    return status == 0 ? text : "ended with status " + std::to_string(status) + ": " + text;
}

bool enter_user_namespace() {
    const std::string user = std::to_string(::geteuid());
    if (::unshare(CLONE_NEWUSER) != 0) return false;
    return write_file("/proc/self/uid_map", "0 " + user + " 1");
}

}  // namespace certferry::tests
