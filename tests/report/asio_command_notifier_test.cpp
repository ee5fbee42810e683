// SPDX-License-Identifier: MIT
#include "report/asio_command_notifier.hpp"

#include "support/read_file.hpp"
#include "support/run_until.hpp"
#include "support/temp_dir.hpp"

#include <chrono>
#include <cstdlib>
#include <fstream>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <doctest/doctest.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace certferry::tests {
namespace {

using namespace std::chrono_literals;

Message message() {
    Notice notice;
    notice.mapping = MappingName("www");
    notice.reason = "names_lost";
    return {WallTime(), "admin-1", {notice}};
}

Result<void> deliver(std::vector<std::string> command, Duration timeout = 20s) {
    boost::asio::io_context loop;
    AsioCommandNotifier notifier(loop.get_executor(), {std::move(command)}, timeout);
    std::optional<Result<void>> outcome;
    const Message told = message();
    boost::asio::co_spawn(loop, notifier.deliver(told),
                          [&](const std::exception_ptr& thrown, Result<void> done) {
                              if (thrown) std::rethrow_exception(thrown);
                              outcome = std::move(done);
                          });
    loop.run();
    REQUIRE(outcome.has_value());
    return *outcome;
}

std::vector<std::string> script(const std::string& text) {
    return {"/bin/sh", "-c", text, "certferry-told"};
}

std::string contents(const std::filesystem::path& file) {
    std::ifstream opened(file);
    return {std::istreambuf_iterator<char>(opened), {}};
}

TEST_CASE("a program reads the message on its standard input, and its arguments are passed on as they are") {
    const TempDir scratch;
    const std::string file = scratch.path() / "told";
    auto command = script("cat >\"$1\"");
    command.push_back(file);
    CHECK(deliver(command));
    const auto json = boost::json::parse(contents(file));
    CHECK(json.at("events").at(0).at("mapping").as_string() == "www");
}

TEST_CASE("a program finds a few variables, and none of the daemon's") {
    const TempDir scratch;
    ::setenv("TENCENTCLOUD_SECRET_KEY", "hunter2", 1);
    auto command = script("env >\"$1\"");
    command.push_back(scratch.path() / "environment");
    CHECK(deliver(command));
    ::unsetenv("TENCENTCLOUD_SECRET_KEY");
    const std::string environment = contents(scratch.path() / "environment");
    CHECK(environment.find("CERTFERRY_EVENTS=failed\n") != std::string::npos);
    CHECK(environment.find("CERTFERRY_MAPPINGS=www\n") != std::string::npos);
    CHECK(environment.find("CERTFERRY_SUMMARY=certferry on admin-1: 1 failed\n") != std::string::npos);
    CHECK(environment.find("hunter2") == std::string::npos);
}

TEST_CASE("a program that reads nothing has succeeded all the same, and one that fails has not") {
    CHECK(deliver({"/bin/true"}));
    CHECK(deliver({"/bin/false"}).error().message() == "/bin/false ended with 1");
    CHECK(deliver(script("kill -KILL $$")).error().message() == "/bin/sh ended by signal 9");
    CHECK(deliver({"/no/such/program"}).error().message() == "/no/such/program: No such file or directory");
}

// What is killed is gone a moment later; who is its parent then may leave it a zombie.
bool is_gone_within(std::chrono::milliseconds patience, pid_t process) {
    const int descriptor = static_cast<int>(syscall(SYS_pidfd_open, process, 0));
    if (descriptor < 0) return errno == ESRCH;
    pollfd ended{descriptor, POLLIN, 0};
    const bool gone = poll(&ended, 1, static_cast<int>(patience.count())) == 1;
    close(descriptor);
    return gone;
}

TEST_CASE("a program that does not end is killed, with its children") {
    const TempDir scratch;
    auto command = script("sleep 1000 & echo $! >\"$1\"; wait");
    command.push_back(scratch.path() / "child");
    CHECK(deliver(command, 300ms).error().message() == "/bin/sh ran for longer than 300ms");
    const std::string child = contents(scratch.path() / "child");
    if (!child.empty()) CHECK(is_gone_within(10s, std::stoi(child)));
}

TEST_CASE("a program has no descriptor but the three that it should have") {
    const TempDir scratch;
    const std::ofstream held(scratch.path() / "held");
    auto command = script("ls /proc/self/fd >\"$1\"");
    command.push_back(scratch.path() / "descriptors");
    CHECK(deliver(command));
    // ls has opened the directory itself.
    CHECK(contents(scratch.path() / "descriptors") == "0\n1\n2\n3\n");
}

}  // namespace
}  // namespace certferry::tests
