// SPDX-License-Identifier: MIT
#pragma once

#include <csignal>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

namespace certferry::tests {

/// A forked copy of the test that runs a function of its own. What the function says through its argument is
/// read here line by line. It must not assert: it says what it found. Killed, if need be, and reaped at the
/// end.
class ChildProcess {
public:
    using Say = std::function<void(std::string)>;

    explicit ChildProcess(const std::function<void(const Say&)>& work) {
        int ends[2] = {};
        if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
        pid_ = ::fork();
        if (pid_ < 0) throw std::runtime_error("no child process");
        if (pid_ == 0) {
            ::close(ends[0]);
            work([to = ends[1]](std::string line) {
                line += '\n';
                if (::write(to, line.data(), line.size()) < 0) ::_exit(1);
            });
            ::_exit(0);
        }
        ::close(ends[1]);
        from_ = ends[0];
    }
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;
    ~ChildProcess() {
        kill();
        ::close(from_);
    }

    /// The next line that it says; nothing when it has ended.
    std::optional<std::string> hear() const {
        std::string line;
        for (char c = 0; ::read(from_, &c, 1) == 1; line += c)
            if (c == '\n') return line;
        return std::nullopt;
    }

    /// kill -9, unless it has been already.
    void kill() {
        if (pid_ <= 0) return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        pid_ = 0;
    }

    pid_t pid() const { return pid_; }

private:
    pid_t pid_ = 0;
    int from_ = -1;
};

}  // namespace certferry::tests
