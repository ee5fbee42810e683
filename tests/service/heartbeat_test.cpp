// SPDX-License-Identifier: MIT
#include "service/heartbeat.hpp"

#include "service/service.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace tests;
using namespace std::chrono_literals;

// Remembers what it was told, and when it last heard a sign of life.
class RecordedManager final : public ServiceManager {
public:
    explicit RecordedManager(Clock& clock) : clock_(clock) {}

    std::optional<Duration> watchdog() const override { return patience; }
    void ready(std::string_view status) override { told.push_back("READY " + std::string(status)); }
    void status(std::string_view status) override { told.emplace_back(status); }
    void alive() override {
        longest_silence = std::max(longest_silence, silence());
        last_alive_ = clock_.steady_now();
    }
    void reloading() override { told.emplace_back("reloading"); }
    void stopping(std::string_view status) override { told.push_back("STOPPING " + std::string(status)); }
    void needs(Duration time) override { needed = time; }

    Duration silence() const { return clock_.steady_now() - last_alive_; }

    std::optional<Duration> patience = 60s;
    std::vector<std::string> told;
    Duration longest_silence{};
    std::optional<Duration> needed;

private:
    Clock& clock_;
    SteadyTime last_alive_ = clock_.steady_now();
};

// A clock whose sleepers never wake once it is broken.
class BreakableClock final : public Clock {
public:
    explicit BreakableClock(Clock& whole) : whole_(whole) {}

    WallTime now() const override { return whole_.now(); }
    SteadyTime steady_now() const override { return whole_.steady_now(); }
    Awaitable<void> sleep_until(SteadyTime deadline) override {
        return whole_.sleep_until(broken ? SteadyTime::max() : deadline);
    }

    bool broken = false;

private:
    Clock& whole_;
};

// A service and its heartbeat, which has a clock of its own.
struct Beating : Service {
    Beating() {
        start_by(clock);
        heartbeat.emplace(manager, *supervisor, loop);
    }

    void run() {
        loop.spawn(heartbeat->run());
        loop.spawn(supervisor->run());
        loop.settle();
    }

    BreakableClock clock{loop};
    RecordedManager manager{loop};
    std::optional<Heartbeat> heartbeat;
};

TEST_CASE("a daemon that looks when it is to look is alive, whatever the cloud does") {
    Beating service;
    service.write(service.ca.issue());
    service.cloud.faults["upload"] = std::deque(1000, Fault::refused);
    service.run();
    service.loop.pass(24h);
    CHECK(service.manager.longest_silence < *service.manager.patience / 2);
    CHECK(service.manager.silence() < *service.manager.patience / 2);
    CHECK(service.manager.told.back().starts_with("1 mapping: 1 waiting until "));
}

TEST_CASE("a supervisor that does not come round is not alive, though the loop turns") {
    Beating service;
    service.write(service.ca.issue());
    service.run();
    service.clock.broken = true;
    service.loop.pass(1h);
    CHECK(service.manager.silence() > 45min);
}

TEST_CASE("the service manager is told how the mappings stand, and only when that has changed") {
    Beating service;
    service.add_mapping("shop", "5h0p0000");
    service.apply();
    service.write(service.ca.issue());
    service.run();
    CHECK(service.manager.told == std::vector<std::string>{"READY 2 mappings: 2 not looked at yet"});
    service.loop.pass(10s);
    CHECK(service.manager.told.back() == "2 mappings: 1 deployed, 1 unusable");
    const std::size_t lines = service.manager.told.size();
    service.loop.pass(1h);
    CHECK(service.manager.told.size() == lines);

    REQUIRE(service.supervisor->hold(MappingName("www")));
    service.loop.pass(10s);
    CHECK(service.manager.told.back() == "2 mappings: 1 unusable, 1 on hold");
}

TEST_CASE("a reload begins and ends for the service manager too, and a refused one is told") {
    Beating service;
    service.run();
    service.manager.told.clear();
    service.heartbeat->around_reload([&] {
        CHECK(service.manager.told == std::vector<std::string>{"reloading"});
        return false;
    });
    CHECK(service.manager.told.back() == "READY 1 mapping: 1 unusable; the last reload was refused");
    service.heartbeat->around_reload([] { return true; });
    CHECK(service.manager.told.back() == "READY 1 mapping: 1 unusable");
}

TEST_CASE("a daemon that ends asks for the time that a rotation in flight needs, and for no more") {
    Beating service;
    service.write(service.ca.issue());
    service.cloud.at = [&](const std::string& moment) {
        if (moment != "upload done") return;
        service.supervisor->stop();
        service.heartbeat->stopping();
        CHECK(service.manager.told.back() == "STOPPING stopping: 1 rotation coming to rest");
        CHECK(service.manager.needed > 10s);
        service.manager.needed.reset();
    };
    service.run();
    service.loop.pass(1min);
    CHECK(service.manager.told.back() == "stopping");
    CHECK_FALSE(service.manager.needed.has_value());
    CHECK(service.manager.silence() < 30s);
}

}  // namespace
}  // namespace certferry
