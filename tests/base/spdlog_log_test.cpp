// SPDX-License-Identifier: MIT
#include "base/spdlog_log.hpp"

#include "base/posix_files.hpp"

#include <algorithm>
#include <array>
#include <string>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

namespace certferry {
namespace {

struct Pipe {
    OwnedDescriptor reading;
    OwnedDescriptor writing;
};

Pipe make_pipe() {
    std::array<int, 2> ends{};
    REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
    return {OwnedDescriptor(ends[0]), OwnedDescriptor(ends[1])};
}

// Standard error led into a pipe, from which nothing is read before lines() is asked for.
class StalledReader {
public:
    StalledReader() { ::dup2(pipe_.writing.get(), STDERR_FILENO); }
    ~StalledReader() { ::dup2(before_.get(), STDERR_FILENO); }
    StalledReader(const StalledReader&) = delete;
    StalledReader& operator=(const StalledReader&) = delete;

    /// Reads until so many have come.
    std::string lines(std::size_t count) {
        std::string text;
        std::array<char, 4096> part{};
        while (std::count(text.begin(), text.end(), '\n') < static_cast<std::ptrdiff_t>(count)) {
            const ssize_t got = ::read(pipe_.reading.get(), part.data(), part.size());
            if (got <= 0) break;
            text.append(part.data(), static_cast<std::size_t>(got));
        }
        return text;
    }

private:
    OwnedDescriptor before_{::dup(STDERR_FILENO)};
    Pipe pipe_ = make_pipe();
};

TEST_CASE("a reader that has stalled stops nobody: what it does not take in time is dropped and counted") {
    constexpr std::size_t written = 20'000;
    StalledReader reader;
    SpdlogLog log(LogLevel::info, LogStyle::text);
    log.write(LogLevel::debug, "rotation.unsaid", {});
    for (std::size_t number = 0; number < written; ++number)
        log.write(LogLevel::info, "rotation.done", {{"rotation", std::to_string(number)}});
    const std::size_t dropped = log.dropped();
    CHECK(dropped > 0);

    const std::string text = reader.lines(written - dropped);
    CHECK(std::count(text.begin(), text.end(), '\n') == static_cast<std::ptrdiff_t>(written - dropped));
    CHECK(text.find("rotation.done rotation=0\n") != std::string::npos);
    CHECK(text.find("unsaid") == std::string::npos);
}

}  // namespace
}  // namespace certferry
