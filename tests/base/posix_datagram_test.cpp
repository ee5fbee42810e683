// SPDX-License-Identifier: MIT
#include "base/posix_datagram.hpp"

#include "support/datagram_socket.hpp"

#include <doctest/doctest.h>

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

TEST_CASE("an address where nobody is, or that is none, takes nothing") {
    for (const std::string& address :
         {std::string(), std::string("/nonexistent/socket"), std::string("vsock:2:1"),
          "@" + std::string(200, 'x'), "/" + std::string(200, 'x')})
        CHECK_FALSE(send_datagram(address, "a line", 20ms));
}

}  // namespace
}  // namespace certferry
