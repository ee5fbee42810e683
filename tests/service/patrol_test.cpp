// SPDX-License-Identifier: MIT
#include "service/patrol.hpp"

#include "config/forms.hpp"
#include "service/service.hpp"

#include <algorithm>

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace certferry {
namespace {

using namespace tests;
using namespace std::chrono_literals;
using Names = std::vector<std::string>;

// Each look takes its time.
class SlowProber final : public Prober {
public:
    explicit SlowProber(Clock& clock) : clock_(clock) {}

    Awaitable<Result<CertificateFacts>> probe(const config::ProbeEndpoint& endpoint, Offer) override {
        looks.push_back(config::host_and_port(endpoint));
        most = std::max(most, ++under_way_);
        co_await clock_.sleep_until(clock_.steady_now() + takes);
        --under_way_;
        co_return Error(Errc::unreachable, "simulated: no route");
    }

    Duration takes = 50ms;
    Names looks;
    std::size_t most = 0;  // at the same time

private:
    Clock& clock_;
    std::size_t under_way_ = 0;
};

struct Town {
    Town() { service.config.mappings.clear(); }

    void add(const std::string& name, const std::string& host) {
        service.add_mapping(name, "id-" + name);
        service.config.mappings.back().verify.endpoint = {{host, 443, std::nullopt}};
    }

    void put_in_force() {
        if (service.supervisor)
            service.apply();
        else
            service.start();
        roster = Roster();
        for (const auto& charge : service.supervisor->charges()) roster.add(charge);
        patrol.look_again();
    }

    void begin() {
        put_in_force();
        service.loop.spawn(patrol.run());
        service.loop.settle();
    }

    Service service;
    Roster roster;
    bool stopping = false;
    SlowProber prober{service.loop};
    Patrol patrol{service.loop.executor(), roster, prober, service.loop, stopping};
};

TEST_CASE("what an endpoint serves is looked at when the daemon starts, and once an hour") {
    Town town;
    town.add("www", "www.example.com");
    town.add("shop", "shop.example.com");
    town.add("www-too", "www.example.com");
    town.begin();
    town.service.loop.pass(1min);
    const Names round = {"www.example.com:443", "shop.example.com:443"};
    CHECK(town.prober.looks == round);
    town.service.loop.pass(58min);
    CHECK(town.prober.looks == round);
    town.service.loop.pass(2min);
    CHECK(town.prober.looks.size() == 4);
}

TEST_CASE("an endpoint that a reload adds is looked at at once, and the others are not looked at again") {
    Town town;
    town.add("www", "www.example.com");
    town.begin();
    town.service.loop.pass(10min);
    town.add("shop", "shop.example.com");
    town.put_in_force();
    town.service.loop.pass(1s);
    CHECK(town.prober.looks == Names{"www.example.com:443", "shop.example.com:443"});
}

TEST_CASE("of very many endpoints few are looked at at a time, and all of them in minutes") {
    Town town;
    for (int number = 0; number < 1000; ++number)
        town.add(fmt::format("m{}", number), fmt::format("m{}.example.com", number));
    SUBCASE("those that answer") {
        town.begin();
        town.service.loop.pass(10s);
        CHECK(town.prober.looks.size() <= 501);
        town.service.loop.pass(1min);
        CHECK(town.prober.looks.size() == 1000);
    }
    SUBCASE("those that do not") {
        town.prober.takes = 10s;
        town.begin();
        town.service.loop.pass(1min);
        CHECK(town.prober.looks.size() <= 28);
        town.service.loop.pass(50min);
        CHECK(town.prober.looks.size() == 1000);
    }
    CHECK(town.prober.most <= 4);
}

TEST_CASE("a daemon that stops looks at nothing more") {
    Town town;
    for (int number = 0; number < 10; ++number)
        town.add(fmt::format("m{}", number), fmt::format("m{}.example.com", number));
    town.begin();
    town.stopping = true;
    town.service.loop.pass(2h);
    CHECK(town.prober.looks.size() == 1);
}

}  // namespace
}  // namespace certferry
