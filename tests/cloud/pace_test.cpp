// SPDX-License-Identifier: MIT
#include "cloud/pace.hpp"

#include "support/simulated_loop.hpp"
#include "support/test_certificates.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace tests;
using namespace std::chrono_literals;
using Names = std::vector<std::string>;

const std::string replace = "ReplaceCertForLoadBalancers";
const Error refused_connection(Errc::unreachable, "clb.example.com: Connection refused");

enum class End { answered, throttled, unanswered, unknown };

void report(Pace::Pass& pass, End end) {
    if (end == End::answered) pass.answered();
    if (end == End::throttled) pass.throttled();
    if (end == End::unanswered) pass.unanswered(refused_connection);
}

// What the exchanges of an account do, and what becomes of them.
struct Account {
    // Asks for a pass, keeps it as long as the exchange takes, reports how it ended.
    Awaitable<void> exchange(std::string action, std::string who, WallTime served_until) {
        auto pass = co_await pace->admit(action, served_until);
        if (!pass) {
            turned_away.push_back(pass.error());
            co_return;
        }
        admitted.push_back(who);
        moments.push_back(loop.steady_now());
        most_under_way = std::max(most_under_way, ++under_way);
        co_await loop.sleep_until(loop.steady_now() + takes);
        --under_way;
        report(*pass, end);
    }

    Awaitable<void> hold(std::shared_ptr<Pace> held) {
        co_await loop.sleep_until(loop.steady_now() + 24h);
        held.reset();
    }

    Awaitable<void> impatient(std::string action, std::string who, WallTime served_until, Duration patience) {
        using namespace boost::asio::experimental::awaitable_operators;
        co_await (exchange(action, who, served_until) || loop.sleep_until(loop.steady_now() + patience));
    }

    void start(const std::string& action, const std::string& who, Duration left = 24h) {
        loop.spawn(exchange(action, who, test_now + left));
        loop.settle();
    }

    // Asks for a pass when there is room.
    Awaitable<void> come(std::string who, WallTime served_until) {
        if (pace->crowded(served_until)) co_await pace->room(served_until);
        came.push_back(who);
        co_await exchange("a", who, served_until);
    }

    void starts_to_come(const std::string& who, Duration left) {
        loop.spawn(come(who, test_now + left));
        loop.settle();
    }

    void fills(const std::string& action, Duration left, unsigned size) {
        for (unsigned calls = 0; calls < size; ++calls) start(action, action, left);
    }

    void goes_down() {
        end = End::unanswered;
        for (const char* action : {"a", "b", "c", "d", "e"}) start(action, action);
        loop.pass(takes);
    }

    SimulatedLoop loop{test_now};
    std::shared_ptr<Pace> pace = std::make_shared<Pace>(loop.executor(), loop, 10.0);
    Duration takes = 50ms;
    End end = End::answered;

    Names came;
    Names admitted;
    std::vector<SteadyTime> moments;
    std::vector<Error> turned_away;
    unsigned under_way = 0;
    unsigned most_under_way = 0;
};

TEST_CASE("a call after a pause begins at once, and each action has a rate of its own") {
    Account account;
    account.start(replace, "1");
    account.start("DescribeListeners", "2");
    account.loop.pass(1h);
    account.start(replace, "3");
    CHECK(account.admitted == Names{"1", "2", "3"});
}

TEST_CASE("the certificate that expires first goes first, then who came first") {
    Account account;
    account.start(replace, "at once", 90 * 24h);
    account.start(replace, "in a month", 30 * 24h);
    account.start(replace, "tomorrow", 24h);
    account.start(replace, "tomorrow too", 24h);
    account.start(replace, "in a week", 7 * 24h);
    account.start(replace, "expired", -24h);
    account.loop.pass(1s);
    CHECK(account.admitted ==
          Names{"at once", "expired", "tomorrow", "tomorrow too", "in a week", "in a month"});
}

TEST_CASE("no second holds more calls of an action than its rate, whenever they are asked for") {
    Account account;
    std::mt19937 chance(1);
    for (int calls = 0; calls < 300; ++calls) {
        account.start(replace, "", std::chrono::hours(chance() % 1000));
        account.loop.pass(Duration(chance() % 250));
    }
    account.loop.pass(1min);
    REQUIRE(account.moments.size() == 300);
    for (std::size_t first = 0; first + 10 < account.moments.size(); ++first)
        CHECK(account.moments[first + 10] - account.moments[first] >= 1s);
}

TEST_CASE("the exchanges under way at a time are bounded, and one that ends lets the next begin") {
    Account account;
    account.takes = 10s;
    for (int calls = 0; calls < 40; ++calls) account.start(replace, std::to_string(calls));
    account.loop.pass(9s);
    CHECK(account.under_way == Pace::under_way_max);
    account.loop.pass(1min);
    CHECK(account.admitted.size() == 40);
    CHECK(account.most_under_way == Pace::under_way_max);
}

TEST_CASE("an action that many wait for does not starve another") {
    Account account;
    account.takes = 2s;
    for (int calls = 0; calls < 100; ++calls) account.start(replace, "replace", 1h);
    account.loop.pass(1s);
    account.start("DescribeListeners", "describe", 90 * 24h);
    const auto before = static_cast<std::ptrdiff_t>(account.admitted.size());
    account.loop.pass(1min);
    const auto described = std::find(account.admitted.begin(), account.admitted.end(), "describe");
    CHECK(described - account.admitted.begin() <= before + 1);
}

// A server that limits calls with a bucket that holds those of a second.
struct LimitingServer {
    bool accepts(SteadyTime now) {
        tokens = std::min(limit, tokens + std::chrono::duration<double>(now - seen).count() * limit);
        seen = now;
        ++calls;
        if (tokens < 1) {
            ++refused;
            return false;
        }
        tokens -= 1;
        return true;
    }
    int accepted() const { return calls - refused; }

    double limit;
    double tokens = limit;
    SteadyTime seen{};
    int calls = 0;
    int refused = 0;
};

Awaitable<void> call_until(SimulatedLoop& loop, Pace& pace, LimitingServer& server, int accepted) {
    while (server.accepted() < accepted) {
        auto pass = co_await pace.admit(replace, test_now);
        co_await loop.sleep_until(loop.steady_now() + 30ms);
        const bool accepts = server.accepts(loop.steady_now());
        co_await loop.sleep_until(loop.steady_now() + 30ms);
        report(*pass, accepts ? End::answered : End::throttled);
    }
}

SteadyTime moment_of(SimulatedLoop& loop, const LimitingServer& server, int accepted) {
    while (server.accepted() < accepted) loop.pass(10ms);
    return loop.steady_now();
}

TEST_CASE("a server with the configured limit refuses nothing") {
    Account account;
    LimitingServer server{.limit = 10};
    for (int callers = 0; callers < 4; ++callers)
        account.loop.spawn(call_until(account.loop, *account.pace, server, 500));
    const SteadyTime finished = moment_of(account.loop, server, 500);
    CHECK(server.refused == 0);
    CHECK(finished - SteadyTime() <= 51s);
}

TEST_CASE("a lower limit of the server is found, and kept with few refusals and little loss") {
    Account account;
    LimitingServer server{.limit = 5};
    for (int callers = 0; callers < 4; ++callers)
        account.loop.spawn(call_until(account.loop, *account.pace, server, 2000));
    moment_of(account.loop, server, 200);
    CAPTURE(server.calls);
    CHECK(server.refused * 100 <= server.calls);
    const SteadyTime finished = moment_of(account.loop, server, 2000);
    CHECK(server.refused * 200 <= server.calls);
    // The rate is between half the limit and just above it, whatever it was when it began.
    CHECK(finished - SteadyTime() <= 2000s / 5 * 2);
}

TEST_CASE("those who wait when the endpoint goes down are turned away with the reason") {
    Account account;
    account.takes = 10s;
    account.end = End::unanswered;
    for (unsigned calls = 0; calls < Pace::under_way_max; ++calls)
        account.start("action " + std::to_string(calls), "");
    for (int calls = 0; calls < 5; ++calls) account.start(replace, "waits");
    account.loop.pass(11s);
    // The first exchange that failed made room for one of them.
    REQUIRE(account.turned_away.size() == 4);
    for (const Error& error : account.turned_away) {
        CHECK(error.code() == Errc::unreachable);
        CHECK(error.message().find(refused_connection.message()) != std::string::npos);
    }
}

TEST_CASE("while the endpoint is down, who asks is turned away at once but for one that tries") {
    Account account;
    account.goes_down();
    account.admitted.clear();
    account.start(replace, "at once");
    CHECK(account.turned_away.size() == 1);

    account.loop.pass(10min);
    for (const char* who : {"tries", "late", "later"}) account.start(replace, who);
    CHECK(account.admitted == Names{"tries"});
    CHECK(account.turned_away.size() == 3);
}

TEST_CASE("one answer makes an endpoint that was down count as up") {
    for (const End end : {End::answered, End::throttled}) {
        Account account;
        account.goes_down();
        account.start(replace, "");
        CHECK(account.turned_away.size() == 1);

        account.loop.pass(2s);
        account.end = end;
        account.start(replace, "tries");
        account.loop.pass(2s);
        for (const char* who : {"1", "2", "3"}) account.start(replace, who);
        account.loop.pass(1min);
        CHECK(account.turned_away.size() == 1);
        CHECK(account.admitted.size() == 5 + 4);
    }
}

TEST_CASE("an exchange that was cancelled says nothing about the endpoint") {
    Account account;
    account.end = End::unanswered;
    for (const char* action : {"a", "b", "c", "d"}) account.start(action, action);
    account.loop.pass(1s);
    account.end = End::unknown;
    for (const char* action : {"a", "b", "c", "d"}) account.start(action, action);
    account.loop.pass(1s);
    account.end = End::answered;
    account.start(replace, "goes on");
    CHECK(account.admitted.back() == "goes on");
}

TEST_CASE("who gives up leaves the others in their order") {
    Account account;
    account.start(replace, "at once");
    account.start(replace, "second", 2h);
    account.loop.spawn(account.impatient(replace, "gives up", test_now + 1h, 50ms));
    account.start(replace, "third", 3h);
    account.loop.pass(1s);
    CHECK(account.admitted == Names{"at once", "second", "third"});
}

Awaitable<void> hold(Pace& pace, std::string action, std::vector<Pace::Pass>& held) {
    auto pass = co_await pace.admit(action, test_now);
    held.push_back(std::move(*pass));
}

TEST_CASE("a pass that comes to one who has just given up is not lost") {
    Account account;
    account.takes = 10s;
    std::vector<Pace::Pass> held;
    for (unsigned calls = 0; calls < Pace::under_way_max; ++calls)
        account.loop.spawn(hold(*account.pace, "action " + std::to_string(calls), held));
    account.loop.settle();
    REQUIRE(held.size() == Pace::under_way_max);
    boost::asio::cancellation_signal give_up;
    boost::asio::co_spawn(
        account.loop.executor(), account.exchange(replace, "gives up", test_now),
        boost::asio::bind_cancellation_slot(give_up.slot(), [](const std::exception_ptr&) {}));
    account.start("a", "1");
    account.start("b", "2");

    held.pop_back();
    give_up.emit(boost::asio::cancellation_type::terminal);
    account.admitted.clear();
    account.loop.pass(9s);
    CHECK(account.admitted.back() == "1");
    account.loop.pass(2s);
    CHECK(account.admitted.back() == "2");
}

TEST_CASE("a loop that is cut short takes those who wait and those who call with it") {
    Account account;
    account.takes = 10s;
    SUBCASE("when the pace is gone") {}
    SUBCASE("when somebody holds the pace to the end") {
        account.loop.spawn(account.hold(account.pace));
    }
    for (int calls = 0; calls < 20; ++calls) account.start(replace, "");
    account.loop.pass(2s);
    CHECK(account.under_way == Pace::under_way_max);
    account.pace.reset();
}

TEST_CASE("ten thousand that come in the worst order are all served, by urgency and at the full rate") {
    Account account;
    constexpr int count = 10'000;
    for (int left = count; left > 0; --left)
        account.loop.spawn(account.exchange(replace, std::to_string(left), test_now + left * 1h));
    account.loop.pass(1000s);
    REQUIRE(account.admitted.size() == count);
    CHECK(account.moments.back() - account.moments.front() == (count - 1) * 100ms);
    CHECK(account.admitted.at(0) == std::to_string(count));  // it was alone when it came
    for (int left = 1; left < count; ++left)
        if (account.admitted.at(static_cast<std::size_t>(left)) != std::to_string(left)) FAIL(left);
}

TEST_CASE("who comes while a crowd waits for its turn waits outside, and who expires first goes in first") {
    Account account;
    account.fills("a", 24h, Pace::crowd / 2 + 1);  // one of each goes at once
    account.fills("b", 24h, Pace::crowd / 2);
    account.starts_to_come("before the crowd", 24h);
    REQUIRE(account.came == Names{"before the crowd"});
    REQUIRE(account.pace->traffic().waiting == Pace::crowd);

    account.starts_to_come("in a month", 30 * 24h);
    account.starts_to_come("in a week", 7 * 24h);
    account.starts_to_come("in a week too", 7 * 24h);
    account.loop.pass(99ms);
    CHECK(account.came.size() == 1);
    account.loop.pass(1ms);  // of each action one
    CHECK(account.came == Names{"before the crowd", "in a week", "in a week too"});
    account.loop.pass(1min);
    CHECK(account.came.back() == "in a month");
    CHECK(account.admitted.size() == Pace::crowd + 2 + 3);
}

TEST_CASE("nobody passes those who wait outside, but who expires first waits for none of them") {
    Account account;
    account.fills("a", 24h, Pace::crowd + 1);
    account.starts_to_come("tomorrow", 24h);
    CHECK(account.came.empty());
    account.starts_to_come("in an hour", 1h);
    CHECK(account.came == Names{"in an hour"});
    account.fills("b", -24h, Pace::crowd + 1);
    account.starts_to_come("in an hour too", 1h);
    CHECK(account.came == Names{"in an hour"});
}

TEST_CASE("who comes later does not take the room that one has left whom somebody outside waits for") {
    Account account;
    bool crowded = false;
    const auto leave_and_look = [&]() -> Awaitable<void> {
        const auto pass = co_await account.pace->admit("a", test_now);
        crowded = account.pace->crowded(test_now + 48h);
    };
    account.fills("a", 24h, 1);
    account.loop.spawn(leave_and_look());
    account.fills("a", 24h, Pace::crowd - 1);
    for (const char* who : {"b", "c"}) account.starts_to_come(who, 24h);
    REQUIRE(account.came.empty());
    account.loop.pass(100ms);
    CHECK(crowded);
    CHECK(account.came == Names{"b"});
}

TEST_CASE("what nobody knows the end of neither waits outside nor makes a crowd") {
    Account account;
    for (unsigned calls = 0; calls < 2 * Pace::crowd; ++calls)
        account.loop.spawn(account.exchange("a", "unknown", WallTime()));
    account.loop.settle();
    account.starts_to_come("tomorrow", 24h);
    CHECK(account.came == Names{"tomorrow"});
    account.fills("a", 24h, Pace::crowd);
    account.loop.spawn(account.come("unknown", WallTime()));
    account.loop.settle();
    CHECK(account.came == Names{"tomorrow", "unknown"});
}

TEST_CASE("who waits outside goes in when the crowd is turned away") {
    Account account;
    account.end = End::unanswered;
    account.fills("a", 24h, 4 * Pace::crowd);
    account.starts_to_come("b", 24h);
    REQUIRE(account.came.empty());
    account.loop.pass(1s);
    REQUIRE(account.turned_away.size() > Pace::crowd);
    CHECK(account.came == Names{"b"});
}

TEST_CASE("who waits outside goes in when one of the crowd gives up") {
    Account account;
    account.fills("a", 24h, Pace::crowd);
    account.loop.spawn(account.impatient("a", "impatient", test_now + 24h, 50ms));
    account.loop.settle();
    account.starts_to_come("b", 24h);
    account.loop.pass(49ms);
    CHECK(account.came.empty());
    account.loop.pass(1ms);
    CHECK(account.came == Names{"b"});
}

TEST_CASE("who waits for an action that the server throttles is in nobody's way") {
    Account account;
    account.end = End::throttled;
    account.fills("upload", 24h, 2 * Pace::crowd);
    account.starts_to_come("b", 24h);
    REQUIRE(account.came.empty());
    CHECK(account.pace->traffic().waiting == 2 * Pace::crowd);
    account.loop.pass(10s);
    CHECK(account.pace->traffic().waiting > Pace::crowd);
    CHECK(account.came == Names{"b"});
}

TEST_CASE("who is cancelled outside is no longer in anybody's way") {
    Account account;
    account.fills("a", 24h, Pace::crowd + 1);
    const auto impatient = [&]() -> Awaitable<void> {
        using namespace boost::asio::experimental::awaitable_operators;
        co_await (account.pace->room(test_now + 1h + 24h) ||
                  account.loop.sleep_until(account.loop.steady_now() + 50ms));
    };
    account.loop.spawn(impatient());
    account.loop.pass(50ms);
    account.starts_to_come("b", 48h);
    account.loop.pass(100ms);
    CHECK(account.came == Names{"b"});
}

TEST_CASE("a pace may go while somebody waits outside") {
    Account account;
    account.fills("a", 24h, Pace::crowd + 1);
    account.starts_to_come("b", 24h);
    account.pace.reset();
    account.loop.settle();
    CHECK(account.came.empty());
}

}  // namespace
}  // namespace certferry
