// SPDX-License-Identifier: MIT
#include "service/posix_landlock.hpp"

#include "base/posix_files.hpp"
#include "support/run_in_child.hpp"
#include "support/temp_tree.hpp"

#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace certferry {
namespace {

using namespace tests;

constexpr std::size_t bytes_max = 1000;

std::string attempt_to_read(const std::filesystem::path& path) {
    const auto contents = PosixFiles().read(path, bytes_max);
    return contents ? "read" : std::string(contents.error().label());
}

std::string attempt_to_make(const std::filesystem::path& path) {
    const OwnedDescriptor made(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    return made.valid() ? "made" : std::strerror(errno);
}

// Nothing listens there: whoever may connect is refused.
std::string attempt_to_connect(std::uint16_t port) {
    const OwnedDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int failed = ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    return failed == 0 ? "connected" : std::strerror(errno);
}

// What becomes of an attempt by a process that is confined.
std::string confined(const Confinement& to, const std::function<std::string(const Confined&)>& attempt) {
    return run_in_child([&]() -> std::string {
        const auto confined = confine(to);
        return confined ? attempt(*confined) : "no Landlock";
    });
}

bool there_is_no_landlock() {
    const bool none = confined({}, [](const Confined&) { return "some"; }) != "some";
    if (none) MESSAGE("skipped: this kernel offers no Landlock");
    return none;
}

TEST_CASE("a confined process reads what it was given, and nothing beside it") {
    if (there_is_no_landlock()) return;
    const TempTree tree;
    tree.make_directory("given");
    tree.make_directory("beside");
    tree.write("given/file", "text");
    tree.write("beside/file", "text");
    const Confinement to{{tree.path("given")}, {}, {}};
    CHECK(confined(to, [&](const auto&) { return attempt_to_read(tree.path("given/file")); }) == "read");
    CHECK(confined(to, [&](const auto&) { return attempt_to_read(tree.path("beside/file")); }) ==
          "file_unreadable");
    CHECK(confined(to, [&](const auto&) { return attempt_to_make(tree.path("given/new")); }) ==
          "Permission denied");
}

TEST_CASE("a confined process writes where it was given") {
    if (there_is_no_landlock()) return;
    const TempTree tree;
    tree.make_directory("state");
    const Confinement to{{}, {tree.path("state")}, {}};
    CHECK(confined(to, [&](const auto&) { return attempt_to_make(tree.path("state/new")); }) == "made");
    CHECK(confined(to, [&](const auto&) { return attempt_to_make(tree.path("new")); }) ==
          "Permission denied");
}

TEST_CASE("a directory that comes later is read as well") {
    if (there_is_no_landlock()) return;
    const TempTree tree;
    tree.make_directory("home");
    const Confinement to{{tree.path("home/client/live")}, {tree.path("home")}, {}};
    CHECK(confined(to, [&](const auto&) {
              tree.make_directory("home/client");
              tree.make_directory("home/client/live");
              tree.write("home/client/live/file", "text");
              return attempt_to_read(tree.path("home/client/live/file"));
          }) == "read");
}

TEST_CASE("a confined process connects to the ports that it was given") {
    if (there_is_no_landlock()) return;
    const auto attempt = [](std::uint16_t port) {
        return confined({{}, {}, {1}}, [&](const Confined& by) {
            return by.confinement.ports.empty() ? "no limit" : attempt_to_connect(port);
        });
    };
    if (attempt(2) == "no limit") {
        MESSAGE("skipped: this kernel's Landlock knows no ports");
        return;
    }
    CHECK(attempt(1) == "Connection refused");
    CHECK(attempt(2) == "Permission denied");
}

}  // namespace
}  // namespace certferry
