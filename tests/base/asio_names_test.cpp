// SPDX-License-Identifier: MIT
#include "base/asio_names.hpp"

#include "support/run.hpp"

#include <optional>

#include <doctest/doctest.h>

namespace certferry {
namespace {

namespace asio = boost::asio;

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

TEST_CASE("names are looked up side by side, and what is no name is no address") {
    asio::io_context loop;
    AsioNames names(loop.get_executor());
    int here = 0;
    int nowhere = 0;
    constexpr int each = 5;
    const auto count = [&](int& counter, bool expected) {
        return [&, expected](const std::exception_ptr&,
                             const boost::system::result<AsioNames::Addresses>& found) {
            counter += found.has_value() == expected ? 1 : 0;
        };
    };
    for (int number = 0; number < each; ++number) {
        asio::co_spawn(loop, names.look_up("localhost", 443), count(here, true));
        asio::co_spawn(loop, names.look_up("certferry.invalid", 443), count(nowhere, false));
    }
    loop.run();
    CHECK(here == each);
    CHECK(nowhere == each);
}

TEST_CASE("a lookup may end after the loop") {
    for (int number = 0; number < 20; ++number) {
        asio::io_context loop;
        AsioNames names(loop.get_executor());
        bool ended = false;
        asio::co_spawn(loop, names.look_up("localhost", 443),
                       [&](const std::exception_ptr&, const auto&) { ended = true; });
        loop.poll_one();
        if (number % 2 == 0) loop.poll();
    }
}

}  // namespace
}  // namespace certferry
