// SPDX-License-Identifier: MIT
// What is done for all targets of a machine, for 10^3 to 10^6 of them. Each benchmark is WHAT/TARGETS;
// growth.py fits the exponent.
#include "base/expect_no_exception.hpp"
#include "cloud/pace.hpp"
#include "service/service.hpp"
#include "support/manual_clock.hpp"

#include <benchmark/benchmark.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

namespace certferry::tests {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t few = 1000;
constexpr std::int64_t many = 1'000'000;

Awaitable<void> take_turn(Pace& pace, WallTime served_until) {
    Result<Pace::Pass> pass = co_await pace.admit("ReplaceCertForLoadBalancers", served_until);
    if (pass) pass->answered();
}

// The scheduler: all targets of an account wait for their turn, in no order, and are called one after the
// other, on a loop as the daemon's: a simulated one is entered anew for each moment, which costs as well.
void all_take_their_turn(benchmark::State& state) {
    const std::int64_t targets = state.range(0);
    for ([[maybe_unused]] const auto _ : state) {
        boost::asio::io_context loop(1);
        ManualClock clock(test_now);
        Pace pace(loop.get_executor(), clock, 1000.0);
        for (std::int64_t number = 0; number < targets; ++number) {
            const WallTime served_until = test_now + std::chrono::minutes(number * 7919 % targets);
            boost::asio::co_spawn(loop, take_turn(pace, served_until), expect_no_exception);
        }
        loop.run();
    }
}

// A daemon of as many mappings of one lineage, each with a target of its own; all of them are on hold, so
// that a look ends with the decision that there is nothing to do.
struct Daemon {
    explicit Daemon(std::int64_t targets) {
        const config::Mapping pattern = service.config.mappings.front();
        service.config.mappings.clear();
        service.config.mappings.reserve(static_cast<std::size_t>(targets));
        for (std::int64_t number = 0; number < targets; ++number) {
            config::Mapping mapping = pattern;
            mapping.name = MappingName(fmt::format("site-{:07}", number));
            mapping.targets.front().old_cert_id = CertificateId(fmt::format("old{:07}", number));
            service.journal.hold(mapping.name, test_now);
            service.config.mappings.push_back(std::move(mapping));
        }
        service.config.daemon.rescan = rescan;
        service.write(service.ca.issue());
        service.run();
    }

    static constexpr Duration rescan = 1h;
    Service service;
};

// Every file is looked at, and what follows is decided.
void rescan(benchmark::State& state) {
    Daemon daemon(state.range(0));
    for ([[maybe_unused]] const auto _ : state) daemon.service.loop.pass(Daemon::rescan);
}

// A configuration that is the same comes into force.
void reload(benchmark::State& state) {
    Daemon daemon(state.range(0));
    for ([[maybe_unused]] const auto _ : state) {
        daemon.service.apply();
        daemon.service.loop.settle();
    }
}

void to_a_million(benchmark::internal::Benchmark* benchmark) {
    benchmark->RangeMultiplier(10)->Range(few, many)->Unit(benchmark::kMillisecond);
}

// A mapping takes some KiB.
void to_a_hundred_thousand(benchmark::internal::Benchmark* benchmark) {
    benchmark->RangeMultiplier(10)->Range(few, many / 10)->Unit(benchmark::kMillisecond);
}

BENCHMARK(all_take_their_turn)->Apply(to_a_million);
BENCHMARK(rescan)->Apply(to_a_hundred_thousand);
BENCHMARK(reload)->Apply(to_a_hundred_thousand);

}  // namespace
}  // namespace certferry::tests
