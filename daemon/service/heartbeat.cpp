// SPDX-License-Identifier: MIT
#include "service/heartbeat.hpp"

#include "service/supervise.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace certferry {
namespace {

using namespace std::chrono_literals;

// How old a status may be: of what is news, and of what only happens, as a wait for the next attempt.
constexpr Duration news_gathered = 5s;
constexpr Duration interval_max = 30s;
// Of the service manager's patience: one beat may come late, and another be lost.
constexpr int beats_in_its_patience = 3;

// Until the next beat but one, and a while for a loaded machine.
Duration time_needed(Duration interval) {
    return 2 * interval + 10s;
}

}  // namespace

Heartbeat::Heartbeat(ServiceManager& manager, Supervisor& supervisor, Clock& clock)
    : manager_(manager), supervisor_(supervisor), clock_(clock), news_(supervisor.listen()) {}

Awaitable<void> Heartbeat::run() {
    told_ = status();
    manager_.ready(told_);
    for (;;) {
        beat();
        const SteadyTime beaten = clock_.steady_now();
        co_await news_->wait_until(clock_, beaten + interval());
        co_await clock_.sleep_until(beaten + std::min(news_gathered, interval()));
    }
}

void Heartbeat::beat() {
    if (supervisor_.stopping() && supervisor_.rotations_in_flight() > 0)
        manager_.needs(time_needed(interval()));
    if (supervisor_.stopping() || supervisor_.makes_progress(interval())) manager_.alive();
    if (const std::string now = status(); now != told_) {
        manager_.status(now);
        told_ = now;
    }
}

// A reload is one step of the loop: a sign of life before it and one after it.
void Heartbeat::around_reload(const std::function<bool()>& reload) {
    manager_.reloading();
    manager_.alive();
    reload_refused_ = !reload();
    told_ = status();
    manager_.ready(told_);
    manager_.alive();
}

void Heartbeat::stopping() {
    told_ = status();
    manager_.stopping(told_);
    beat();
}

Duration Heartbeat::interval() const {
    const auto patience = manager_.watchdog();
    return patience ? std::min(*patience / beats_in_its_patience, interval_max) : interval_max;
}

std::string Heartbeat::status() const {
    if (!supervisor_.stopping()) {
        Summary summary = supervisor_.summary();
        summary.reload_refused = reload_refused_;
        return to_text(summary);
    }
    const std::size_t rotations = supervisor_.rotations_in_flight();
    if (rotations == 0) return "stopping";
    return fmt::format("stopping: {} rotation{} coming to rest", rotations, rotations == 1 ? "" : "s");
}

}  // namespace certferry
