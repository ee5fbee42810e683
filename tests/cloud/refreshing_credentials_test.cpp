// SPDX-License-Identifier: MIT
#include "cloud/refreshing_credentials.hpp"

#include "support/recorded_log.hpp"
#include "support/simulated_loop.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace std::chrono_literals;
using tests::RecordedLog;
using tests::SimulatedLoop;

const WallTime start{std::chrono::seconds(1700000000)};  // 2023-11-14T22:13:20Z

/// What a place is scripted to do: it lends keys that are numbered and last for `life`, after `delay`; or
/// fails.
struct Lender {
    std::optional<Duration> life = 2h;
    Duration delay = 0s;
    std::optional<Error> failure;
    bool same_again = false;
    int looks = 0;
};

class LentPlace final : public CredentialsPlace {
public:
    LentPlace(SimulatedLoop& loop, Lender& lender) : loop_(loop), lender_(lender) {}

    Awaitable<Result<Credentials>> look() override {
        ++lender_.looks;
        co_await loop_.sleep_until(loop_.steady_now() + lender_.delay);
        if (lender_.failure) co_return *lender_.failure;
        if (!lender_.same_again) ++keys_;
        Credentials lent;
        lent.secret_id = "id-" + std::to_string(keys_);
        lent.secret_key = Secret("hunter2");
        lent.source = "the lender";
        if (lender_.life) lent.expires = loop_.now() + *lender_.life;
        co_return lent;
    }

private:
    SimulatedLoop& loop_;
    Lender& lender_;
    int keys_ = 0;
};

struct World {
    Result<Credentials> current() { return loop.run(source->current()); }
    std::string id() { return current()->secret_id; }

    SimulatedLoop loop{start};
    Lender lender;
    RecordedLog log;
    std::shared_ptr<RefreshingCredentials> source = std::make_shared<RefreshingCredentials>(
        AccountName("default"), std::make_unique<LentPlace>(loop, lender), loop.executor(), loop, log);
};

const Error no_answer(Errc::read_failed, "sts.example: no answer within 30s");
const Error unbound(Errc::credentials_missing, "metadata.example: this CVM has no role bound");

TEST_CASE_FIXTURE(World, "lasting keys are remembered until they are to be forgotten") {
    lender.life.reset();
    CHECK(id() == "id-1");
    loop.pass(24h * 365);
    CHECK(id() == "id-1");
    source->forget(*current());
    CHECK(id() == "id-2");
    CHECK(log.lines().empty());
}

TEST_CASE_FIXTURE(World, "keys that are refused are dropped, and not those that have taken their place") {
    const Credentials old = *current();
    source->forget(old);
    CHECK(id() == "id-2");
    // By a call that was under way with the old ones.
    source->forget(old);
    CHECK(id() == "id-2");
    CHECK(lender.looks == 2);
}

TEST_CASE_FIXTURE(World, "temporary keys are renewed beside the call that finds them near their end") {
    CHECK(id() == "id-1");
    loop.pass(2h - 5min - 1s);
    CHECK(id() == "id-1");
    CHECK(lender.looks == 1);

    loop.pass(1s);
    lender.delay = 30s;
    const auto before = loop.steady_now();
    CHECK(id() == "id-1");
    CHECK(loop.steady_now() == before);
    loop.pass(30s);
    CHECK(id() == "id-2");
    CHECK(lender.looks == 2);
    CHECK(log.lines() ==
          std::vector<std::string>{
              "credentials.refreshed account=default source=the lender expires=2023-11-15T00:13:20Z",
              "credentials.refreshed account=default source=the lender expires=2023-11-15T02:08:50Z"});
}

TEST_CASE_FIXTURE(World, "short-lived keys are renewed when a tenth of their life is left, or five seconds") {
    struct Case {
        Duration life;
        Duration margin;
    };
    for (const auto& [life, margin] : {Case{10min, 60s}, Case{1min, 6s}, Case{10s, 5s}}) {
        source->forget(*current());
        lender.life = life;
        const std::string old = id();
        loop.pass(life - margin - 1s);
        CHECK(id() == old);
        loop.settle();
        CHECK(id() == old);
        loop.pass(1s);
        CHECK(id() == old);
        loop.settle();
        CHECK(id() != old);
    }
}

TEST_CASE_FIXTURE(World, "a daemon with nothing to do asks for nothing, and afterwards waits for new keys") {
    CHECK(id() == "id-1");
    loop.pass(24h);
    CHECK(lender.looks == 1);
    CHECK(id() == "id-2");
    CHECK(log.count("credentials.expired") == 0);
}

TEST_CASE_FIXTURE(World, "one look serves all who wait, and those who give up do not end it") {
    lender.delay = 3s;
    int served = 0;
    const auto want = [&]() -> Awaitable<void> {
        Result<Credentials> found = co_await source->current();
        served += found && found->secret_id == "id-1" ? 1 : 0;
    };
    for (int number = 0; number < 5; ++number) loop.spawn(want());
    loop.pass(2s);
    source->forget(Credentials());
    loop.pass(1s);
    CHECK(served == 5);
    CHECK(lender.looks == 1);
}

TEST_CASE_FIXTURE(World, "keys that cannot be renewed serve until they expire, and then the reason is told") {
    CHECK(id() == "id-1");
    loop.pass(1h + 56min);
    lender.failure = no_answer;
    CHECK(id() == "id-1");
    loop.settle();
    // Tried again 5 s later, not at each call.
    for (int call = 0; call < 10; ++call) CHECK(id() == "id-1");
    loop.settle();
    CHECK(lender.looks == 2);
    loop.pass(5s);
    CHECK(id() == "id-1");
    loop.settle();
    CHECK(lender.looks == 3);
    CHECK(log.count("credentials.refresh_failed") == 1);
    CHECK(log.lines().back() ==
          "credentials.refresh_failed account=default source=the lender expires=2023-11-15T00:13:20Z "
          "reason=read_failed detail=sts.example: no answer within 30s");

    lender.failure = unbound;
    loop.pass(1min);
    CHECK(id() == "id-1");
    loop.settle();
    CHECK(log.count("credentials.refresh_failed") == 2);

    loop.pass(5min);
    for (int call = 0; call < 3; ++call) {
        const auto lacking = current();
        REQUIRE(lacking.has_error());
        CHECK(lacking.error().code() == Errc::credentials_missing);
        CHECK(
            lacking.error().message() ==
            "the credentials expired at 2023-11-15T00:13:20Z and are not renewed: metadata.example: this CVM "
            "has no role bound");
    }
    CHECK(log.count("credentials.expired") == 1);

    lender.failure.reset();
    CHECK(id() == "id-2");
    CHECK(log.lines().back().starts_with("credentials.refreshed"));
}

TEST_CASE_FIXTURE(World, "without any keys, a reason that passes does not wait for a person") {
    lender.failure = no_answer;
    CHECK(current().error().code() == Errc::unreachable);
    CHECK(current().error().message() == "no credentials: sts.example: no answer within 30s");
    lender.failure = Error(Errc::file_missing, "/etc/x: No such file or directory");
    CHECK(current().error().code() == Errc::credentials_missing);
    CHECK(describe(current().error()).find("issue the certificate") == std::string::npos);
    CHECK(log.lines().empty());
    lender.failure.reset();
    CHECK(id() == "id-1");
}

TEST_CASE_FIXTURE(World, "keys that were just given are used, whichever clock is wrong") {
    lender.life = -1h;
    CHECK(id() == "id-1");
    CHECK(id() == "id-2");
}

TEST_CASE_FIXTURE(World, "a lender that gives the same keys again is asked again later, without a word") {
    CHECK(id() == "id-1");
    loop.pass(1h + 56min);
    lender.same_again = true;
    lender.life = 4min;
    CHECK(id() == "id-1");
    loop.settle();
    CHECK(id() == "id-1");
    loop.settle();
    CHECK(lender.looks == 2);
    CHECK(log.lines().size() == 1);
}

TEST_CASE_FIXTURE(World, "a loop that is cut short takes a look along") {
    lender.delay = 1h;
    const auto want = [&]() -> Awaitable<void> { static_cast<void>(co_await source->current()); };
    loop.spawn(want());
    loop.settle();
    CHECK(lender.looks == 1);
}

TEST_CASE_FIXTURE(World, "a look that is under way survives who started it") {
    lender.delay = 1s;
    const auto start_and_leave = [&]() -> Awaitable<void> {
        const std::shared_ptr<RefreshingCredentials> mine = std::move(source);
        static_cast<void>(co_await mine->current());
    };
    loop.spawn(start_and_leave());
    loop.pass(1s);
    CHECK(lender.looks == 1);
}

}  // namespace
}  // namespace certferry
