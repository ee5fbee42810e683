// SPDX-License-Identifier: MIT
#include "base/asio_names.hpp"

#include "service/asio_loop.hpp"
#include "support/run.hpp"
#include "support/run_in_child.hpp"

#include <cerrno>
#include <string>
#include <system_error>

#include <boost/asio/detached.hpp>
#include <doctest/doctest.h>
#include <sys/resource.h>
#include <unistd.h>

namespace certferry {
namespace {

namespace asio = boost::asio;
using Found = boost::system::result<AsioNames::Addresses>;

TEST_CASE("an address needs no lookup") {
    asio::io_context loop;
    AsioNames names(loop.get_executor());
    for (const char* address : {"192.0.2.7", "2001:db8::7"}) {
        const auto found = tests::run(loop, names.look_up(address, 443));
        REQUIRE(found.has_value());
        REQUIRE(found->size() == 1);
        CHECK(found->front() == asio::ip::tcp::endpoint(asio::ip::make_address(address), 443));
    }
}

// Whether it is known here is the machine's business.
constexpr const char* known_name = "localhost";

TEST_CASE("names are looked up side by side, and what is no name has no address") {
    asio::io_context loop;
    AsioNames names(loop.get_executor());
    constexpr int each = 5;
    int ended = 0;
    int nowhere = 0;
    for (int number = 0; number < each; ++number) {
        asio::co_spawn(loop, names.look_up(known_name, 443),
                       [&](const std::exception_ptr&, const Found& found) {
                           ++ended;
                           if (found)
                               for (const auto& at : *found) CHECK(at.address().is_loopback());
                       });
        asio::co_spawn(loop, names.look_up("certferry.invalid", 443),
                       [&](const std::exception_ptr&, const Found& found) { nowhere += found ? 0 : 1; });
    }
    loop.run();
    CHECK(ended == each);
    CHECK(nowhere == each);
}

// What is wrong about threads is seen by ThreadSanitizer.
TEST_CASE("a lookup may end after the loop, and while it ends") {
    for (int number = 0; number < 20; ++number) {
        AsioLoop loop;
        AsioNames names(loop.get_executor());
        asio::co_spawn(loop, names.look_up(known_name, 443), asio::detached);
        loop.poll();
        if (number % 2 == 0) loop.abandon();
    }
}

TEST_CASE("a machine without another thread is told as a reason") {
    const std::string outcome = tests::run_in_child([] {
        const rlimit none{0, 0};
        ::setrlimit(RLIMIT_NPROC, &none);
        // root has no such limit.
        if (::geteuid() == 0 && ::setuid(65534) != 0) return std::string("cannot be tried");
        asio::io_context loop;
        AsioNames names(loop.get_executor());
        return tests::run(loop, names.look_up(known_name, 443)).error().message();
    });
    CHECK(outcome == std::generic_category().message(EAGAIN));
}

}  // namespace
}  // namespace certferry
