// SPDX-License-Identifier: MIT
#include "base/posix_datagram.hpp"

#include "support/datagram_socket.hpp"

#include <csignal>

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/time.h>

namespace certferry {
namespace {

using namespace std::chrono_literals;

TEST_CASE("who does not listen is waited for as long as is asked, and what was taken is whole") {
    tests::DatagramSocket other;
    for (const Duration patience : {Duration(20ms), Duration(0ms)}) {
        std::size_t taken = 0;
        while (send_datagram(other.name(), "a line", patience)) ++taken;
        CHECK(taken > 0);
        for (std::size_t number = 0; number < taken; ++number) CHECK(other.received() == "a line");
        CHECK(other.received().empty());
    }
}

int listener = -1;

TEST_CASE("a signal during the wait ends neither the wait nor the datagram") {
    tests::DatagramSocket other;
    while (send_datagram(other.name(), "a line", Duration::zero())) {
    }
    // Nobody makes room before the signal comes.
    listener = other.descriptor();
    const auto before = std::signal(SIGALRM, [](int) {
        char line = 0;
        static_cast<void>(::recv(listener, &line, 1, 0));
    });
    const itimerval soon{{}, {0, 20000}};
    ::setitimer(ITIMER_REAL, &soon, nullptr);
    CHECK(send_datagram(other.name(), "a line", 40s));
    std::signal(SIGALRM, before);
}

TEST_CASE("an address where nobody is, or that is none, takes nothing") {
    for (const std::string& address :
         {std::string(), std::string("/nonexistent/socket"), std::string("vsock:2:1"),
          "@" + std::string(200, 'x'), "/" + std::string(200, 'x')})
        CHECK_FALSE(send_datagram(address, "a line", 20ms));
}

}  // namespace
}  // namespace certferry
