// SPDX-License-Identifier: MIT
#include "rotate/turns.hpp"

#include "service/asio_loop.hpp"
#include "support/simulated_loop.hpp"
#include "support/test_certificates.hpp"

#include <string>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace tests;
using namespace std::chrono_literals;

struct Guests {
    Awaitable<void> take(std::string name, std::string who, Duration takes = 1s) {
        Turns::Turn turn = co_await turns.take(std::move(name));
        seen.push_back(who + (turn.known() ? " knows " + turn.known()->str() : ""));
        co_await loop.sleep_until(loop.steady_now() + takes);
        if (!turn.known()) turn.tell(CertificateId("of-" + who));
    }

    SimulatedLoop loop{test_now};
    Turns turns{loop.executor()};
    std::vector<std::string> seen;
};

TEST_CASE("one at a time, in the order in which they came, and those who waited know what was told") {
    Guests guests;
    for (const char* who : {"a", "b", "c"}) guests.loop.spawn(guests.take("upload", who));
    guests.loop.spawn(guests.take("another", "d"));
    guests.loop.settle();
    CHECK(guests.seen == std::vector<std::string>{"a", "d"});
    guests.loop.pass(1s);
    CHECK(guests.seen.back() == "b knows of-a");
    guests.loop.pass(1s);
    CHECK(guests.seen.back() == "c knows of-a");
}

TEST_CASE("whoever comes when nobody has the turn has to find out anew") {
    Guests guests;
    guests.loop.spawn(guests.take("upload", "a"));
    guests.loop.pass(1min);
    guests.loop.spawn(guests.take("upload", "b"));
    guests.loop.pass(1min);
    CHECK(guests.seen == std::vector<std::string>{"a", "b"});
}

TEST_CASE("a loop that is cut short takes a turn along, and those who wait for it") {
    AsioLoop loop;
    Turns turns(loop.get_executor());
    boost::asio::steady_timer answer(loop, 1h);
    unsigned taken = 0;
    const auto take = [&]() -> Awaitable<void> {
        const Turns::Turn turn = co_await turns.take("upload");
        ++taken;
        co_await answer.async_wait(boost::asio::use_awaitable);
    };
    for (int guests = 0; guests < 3; ++guests) boost::asio::co_spawn(loop, take(), boost::asio::detached);
    loop.poll();
    loop.abandon();
    CHECK(taken == 1);
}

}  // namespace
}  // namespace certferry
