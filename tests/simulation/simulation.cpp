// SPDX-License-Identifier: MIT
#include "simulation/simulation.hpp"

#include "simulation/convergence.hpp"
#include "simulation/crash.hpp"
#include "simulation/daemon.hpp"
#include "simulation/disturbances.hpp"
#include "simulation/world.hpp"

#include <algorithm>

namespace certferry::simulation {
namespace {

using namespace std::chrono_literals;

constexpr Duration stop_grace = 30s;

/// One seed's world and the daemon in it, and time.
class Simulation {
public:
    Simulation(std::uint64_t seed, const Certificates& certificates, const Options& options);

    Outcome run();

private:
    void run_to_the_end();
    void converge();
    Duration bound() const;

    void pass_until(SteadyTime end);
    void run_daemon();
    void guarded(const std::function<void()>& deed);
    void start();
    void die();
    void restart();

    std::uint64_t seed_;
    World world_;
    std::unique_ptr<Daemon> daemon_;
    bool stopping_ = false;
    Disturbances disturbances_;
    Outcome outcome_;
};

Simulation::Simulation(std::uint64_t seed, const Certificates& certificates, const Options& options)
    : seed_(seed),
      world_(seed, certificates, make_properties(options.property), options.story),
      disturbances_({world_, [this] { return daemon_.get(); },
                     [this](const std::function<void()>& deed) { guarded(deed); }, [this] { restart(); }}) {
    world_.disk_changed = [this](const std::filesystem::path& directory) {
        if (daemon_) daemon_->watch().changed(directory);
    };
}

Outcome Simulation::run() {
    outcome_.seed = seed_;
    try {
        run_to_the_end();
    } catch (const Broken& broken) {
        world_.story.tell("BROKEN", "{}: {}", broken.property(), broken.how());
        outcome_.failure =
            Failure{std::string(broken.property()), std::string(broken.promise()), broken.how()};
    }
    for (const auto* const mappings : {&world_.config.mappings, &world_.removed})
        for (const config::Mapping& mapping : *mappings)
            for (const config::Target& target : mapping.targets)
                for (const Rotation& rotation : world_.journal.past({target.account, target.old_cert_id}))
                    outcome_.rotations += rotation.stage == Stage::done ? 1 : 0;
    outcome_.passed = world_.timeline.now() - SteadyTime();
    outcome_.faults = world_.weather.counts();
    outcome_.story = world_.story.lines();
    return std::move(outcome_);
}

void Simulation::run_to_the_end() {
    start();
    disturbances_.begin();
    const Duration all = world_.renewal_period() * (Series::generations - 1);
    if (seed_ % 2 == 0) return pass_until(SteadyTime() + all);
    pass_until(SteadyTime() + world_.chance.between(world_.renewal_period() * 3 / 2, all));
    converge();
}

// The bound is what the configuration allows for: a wait, a scan, and a few rotations one after the other.
Duration Simulation::bound() const {
    Duration longest_wait{};
    for (const config::Mapping& mapping : world_.config.mappings)
        longest_wait = std::max(longest_wait, mapping.retry.max);
    return world_.config.daemon.rescan + 2 * longest_wait + 30min;
}

void Simulation::converge() {
    if (!daemon_) start();
    if (world_.accounts.size() > 1 && world_.chance.one_in(3))
        world_.lost_cause = world_.accounts.begin()->first;
    world_.story.tell("world", "no fault from now on{}",
                      world_.lost_cause ? ", but " + world_.lost_cause->str() + " never answers again" : "");
    disturbances_.end();
    if (world_.chance.one_in(2)) world_.disk_changed = [](const auto&) {};
    for (AcmeClient& client : world_.clients) client.write_last();
    const SteadyTime calm = world_.timeline.now();
    while (missing_to_converge(world_) && world_.timeline.now() < calm + bound())
        pass_until(world_.timeline.now() + 1min);
    outcome_.convergence = world_.timeline.now() - calm;
    world_.observers.came_to_rest();
}

// What happens outside comes first at each moment: what arrives then is there to be answered.
void Simulation::pass_until(SteadyTime end) {
    for (;;) {
        run_daemon();
        SteadyTime next = end;
        if (const auto outside = world_.timeline.next()) next = std::min(next, *outside);
        if (daemon_)
            if (const auto inside = daemon_->loop().next_wake()) next = std::min(next, *inside);
        world_.timeline.advance(next);
        if (daemon_) daemon_->loop().move_to(next);
        world_.timeline.happen();
        if (daemon_ && world_.weather.strikes(Fault::crash_in_sleep)) {
            world_.story.tell("daemon", "dies");
            die();
        }
        if (next == end) return run_daemon();
    }
}

void Simulation::run_daemon() {
    guarded([&] { daemon_->loop().pass(Duration::zero()); });
    if (!daemon_ || !daemon_->ended()) return;
    world_.story.tell("daemon", "ends");
    die();
}

void Simulation::guarded(const std::function<void()>& deed) {
    if (!daemon_) return;
    try {
        deed();
    } catch (const Crash&) {
        die();
    }
}

void Simulation::start() {
    stopping_ = false;
    world_.story.tell("daemon", "starts");
    world_.observers.daemon_started();
    daemon_ = std::make_unique<Daemon>(world_, world_.wall_clock());
}

void Simulation::die() {
    daemon_.reset();
    ++outcome_.crashes;
    const bool soon = world_.weather.clear() || !world_.chance.one_in(10);
    const Duration pause = world_.chance.between(1s, soon ? 1min : 6h);
    world_.timeline.in(pause, [this] {
        if (!daemon_) start();
    });
}

void Simulation::restart() {
    if (std::exchange(stopping_, true)) return;
    const Daemon* const stopped = daemon_.get();
    daemon_->supervisor().stop();
    world_.timeline.in(stop_grace, [this, stopped] {
        if (daemon_.get() == stopped && stopping_) die();
    });
}

}  // namespace

Outcome simulate(std::uint64_t seed, const Certificates& certificates, const Options& options) {
    return Simulation(seed, certificates, options).run();
}

}  // namespace certferry::simulation
