// SPDX-License-Identifier: MIT
#include "service/patrol.hpp"

#include "base/expect_no_exception.hpp"
#include "base/slices.hpp"
#include "config/forms.hpp"

#include <boost/asio/co_spawn.hpp>

namespace certferry {
namespace {

constexpr Duration interval = std::chrono::hours(1);
constexpr Duration gap = std::chrono::milliseconds(20);
constexpr std::size_t under_way_max = 4;

}  // namespace

Patrol::Patrol(boost::asio::any_io_executor executor, const Roster& roster, Prober& prober, Clock& clock,
               const bool& stopping)
    : executor_(std::move(executor)),
      roster_(roster),
      prober_(prober),
      clock_(clock),
      stopping_(stopping),
      wakeup_(executor_),
      look_ended_(executor_) {}

Awaitable<void> Patrol::run() {
    while (!stopping_) {
        const SteadyTime next = clock_.steady_now() + interval;
        looked_at_.clear();
        while (!stopping_ && clock_.steady_now() < next) {
            co_await look_at_new();
            co_await wakeup_.wait_until(clock_, next);
        }
    }
}

Awaitable<void> Patrol::look_at_new() {
    const Charges all = roster_.all();
    Slices slices(clock_);
    for (const auto& charge : all) {
        for (const config::ProbeEndpoint& endpoint : charge->mapping().verify.endpoint) {
            if (stopping_ || charge->retired()) break;
            if (looked_at_.insert(config::host_and_port(endpoint)).second) co_await begin_look(endpoint);
        }
        co_await slices.breathe();
    }
}

Awaitable<void> Patrol::begin_look(config::ProbeEndpoint endpoint) {
    while (under_way_ == under_way_max) co_await look_ended_.wait();
    ++under_way_;
    boost::asio::co_spawn(executor_, look(std::move(endpoint)), [this](const std::exception_ptr& thrown) {
        expect_no_exception(thrown);
        --under_way_;
        look_ended_.notify();
    });
    co_await clock_.sleep_until(clock_.steady_now() + gap);
}

Awaitable<void> Patrol::look(config::ProbeEndpoint endpoint) {
    const Result<CertificateFacts> seen = co_await prober_.probe(endpoint, Offer::anything);
    static_cast<void>(seen);  // the prober remembers it
}

}  // namespace certferry
