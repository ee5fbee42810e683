// SPDX-License-Identifier: MIT
#include "service/announcer.hpp"

#include "service/service.hpp"

#include <deque>

#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace tests;
using namespace std::chrono_literals;
using Texts = std::vector<std::string>;

// What a receiver has got, and whether it works.
struct Receiver final : Notifier {
    explicit Receiver(Clock& clock_) : clock(clock_) {}

    Awaitable<Result<void>> deliver(const Message& message) override {
        attempts.push_back(clock.steady_now());
        co_await clock.sleep_until(clock.steady_now() + takes);
        if (broken) co_return Error(Errc::not_delivered, "it answers HTTP 500");
        summaries.push_back(summary(message));
        messages.push_back(message);
        co_return Result<void>();
    }

    Clock& clock;
    bool broken = false;
    Duration takes{};
    std::vector<SteadyTime> attempts;
    Texts summaries;
    std::vector<Message> messages;
};

// A daemon with notifiers. start_telling() again is a restart: what is in the journal stays.
struct Telling : Service {
    Telling() { employ("ops"); }

    void employ(const std::string& name) {
        config::Notifier notifier;
        notifier.name = NotifierName(name);
        notifier.way = config::Webhook{"https://" + name, std::nullopt, std::nullopt};
        config.notifiers[notifier.name] = notifier;
        receivers.emplace(notifier.name, std::make_shared<Receiver>(loop));
    }

    void start_telling() {
        const CourierPorts ports(loop.executor(), journal, loop, random, log, "admin-1");
        announcers.emplace_back(*supervisor, ports, [this](const config::Notifier& notifier) {
            return receivers.at(notifier.name);
        });
        announcers.back().start();
        loop.settle();
    }

    /// Nobody but `name` is told of the first mapping.
    void run_telling_only(const std::string& name) {
        employ(name);
        config.mappings[0].notify = {{NotifierName(name)}};
        write(ca.issue());
        run_telling();
    }

    void run_telling() {
        start();
        start_telling();
        loop.spawn(supervisor->run());
        loop.pass(5min);
    }

    Receiver& ops() { return *receivers.at(NotifierName("ops")); }

    std::map<NotifierName, std::shared_ptr<Receiver>> receivers;
    std::deque<Announcer> announcers;
};

TEST_CASE("a rejected rotation is told once, and what ends it") {
    Telling daemon;
    daemon.write(daemon.ca.issue());
    daemon.cloud.faults["upload"] = {Fault::unsupported};
    daemon.run_telling();
    daemon.loop.pass(2h);
    CHECK(daemon.ops().summaries == Texts{"certferry on admin-1: 1 failed"});
    CHECK(daemon.ops().messages.at(0).notices.at(0).reason == "api_unsupported");

    daemon.write(daemon.ca.issue());
    daemon.loop.pass(10min);
    CHECK(daemon.ops().summaries.back() == "certferry on admin-1: 1 recovered");
    CHECK(daemon.log.count("notify.delivered") == 2);
}

TEST_CASE("a failure that passes soon is nobody's business, the rotation is") {
    Telling daemon;
    daemon.write(daemon.ca.issue());
    daemon.cloud.faults["replace"] = {Fault::refused, Fault::refused};
    daemon.run_telling();
    daemon.loop.pass(1h);
    CHECK(daemon.ops().summaries == Texts{"certferry on admin-1: 1 rotated"});
}

TEST_CASE("what fails for half an hour is told then, however seldom files are looked at") {
    Telling daemon;
    daemon.config.daemon.rescan = 24h;
    daemon.write(daemon.ca.issue());
    daemon.cloud.faults["upload"] = std::deque(1000, Fault::busy);
    daemon.run_telling();
    daemon.loop.pass(24min);
    CHECK(daemon.ops().summaries.empty());
    daemon.loop.pass(2min);
    CHECK(daemon.ops().summaries == Texts{"certferry on admin-1: 1 failed"});
}

TEST_CASE("a look sees all that came before it: nothing is looked at once more for that") {
    Telling daemon;
    daemon.config.daemon.rescan = 24h;
    daemon.write(daemon.ca.issue());
    daemon.run_telling();
    const MappingName& mapping = daemon.config.mappings[0].name;
    REQUIRE(daemon.supervisor->hold(mapping).has_value());
    daemon.loop.pass(2s);
    REQUIRE(daemon.supervisor->release(mapping).has_value());
    daemon.loop.pass(2s);
    REQUIRE(daemon.supervisor->hold(mapping).has_value());
    daemon.loop.pass(10s);  // the next look is due by then
    const std::size_t looked = daemon.journal.heads_asked;
    daemon.loop.pass(30min);
    CHECK(daemon.journal.heads_asked == looked);
    REQUIRE(daemon.supervisor->release(mapping).has_value());
    daemon.loop.pass(1min);
    CHECK(daemon.journal.heads_asked > looked);
}

TEST_CASE("files that stay unusable are told as soon as they count as that") {
    Telling daemon;
    daemon.config.daemon.rescan = 24h;
    daemon.run_telling();
    CHECK(daemon.ops().summaries == Texts{"certferry on admin-1: 1 failed"});
    CHECK(daemon.ops().messages.at(0).notices.at(0).reason == "file_missing");
}

TEST_CASE("fifty that fail for one reason are one message") {
    Telling daemon;
    for (int number = 0; number < 49; ++number) {
        daemon.add_mapping("site" + std::to_string(number), "5170000" + std::to_string(number));
        daemon.write(daemon.ca.issue(), "site" + std::to_string(number));
    }
    daemon.write(daemon.ca.issue());
    daemon.cloud.faults["upload"] = std::deque(50, Fault::unsupported);
    daemon.run_telling();
    CHECK(daemon.ops().summaries == Texts{"certferry on admin-1: 50 failed"});
}

TEST_CASE("a receiver that fails is tried again, and holds up neither rotations nor other receivers") {
    Telling daemon;
    daemon.employ("robot");
    daemon.ops().broken = true;
    daemon.write(daemon.ca.issue());
    daemon.run_telling();
    CHECK(daemon.succession().size() == 2);
    CHECK(daemon.receivers.at(NotifierName("robot"))->summaries == Texts{"certferry on admin-1: 1 rotated"});
    daemon.loop.pass(2h);
    CHECK(daemon.ops().attempts.size() > 8);
    CHECK(daemon.ops().attempts.size() < 200);
    CHECK(daemon.log.last("notify.failed").find("notifier=ops reason=not_delivered") != std::string::npos);
    CHECK(daemon.announcers.back().states().at(0).failure.has_value());

    daemon.ops().broken = false;
    daemon.loop.pass(16min);
    CHECK(daemon.ops().summaries == Texts{"certferry on admin-1: 1 rotated"});
    CHECK_FALSE(daemon.announcers.back().states().at(0).failure.has_value());
}

TEST_CASE("a failure that has passed before a broken receiver works again is told no more") {
    Telling daemon;
    daemon.write(daemon.ca.issue());
    daemon.run_telling();
    daemon.ops().broken = true;
    daemon.write(daemon.ca.issue());
    daemon.cloud.faults["upload"] = {Fault::unsupported};
    daemon.loop.pass(1h);
    daemon.write(daemon.ca.issue());
    daemon.loop.pass(1h);
    daemon.ops().broken = false;
    daemon.loop.pass(1h);
    CHECK(daemon.ops().summaries.back() == "certferry on admin-1: 1 rotated");
    CHECK(daemon.ops().summaries.size() == 2);
}

TEST_CASE("what is over while it is being told is told next") {
    Telling daemon;
    daemon.config.daemon.rescan = 24h;
    const TestCertificate leaf = daemon.ca.issue();
    daemon.write(leaf);
    daemon.run_telling();
    daemon.ops().takes = 20min;
    daemon.files.remove("/live/www/privkey.pem");
    daemon.watch.hint(0);
    daemon.loop.pass(5min);
    REQUIRE(daemon.ops().attempts.size() == 2);
    daemon.write(leaf);
    daemon.watch.hint(0);
    daemon.loop.pass(40min);
    CHECK(daemon.ops().summaries == Texts{"certferry on admin-1: 1 rotated", "certferry on admin-1: 1 failed",
                                          "certferry on admin-1: 1 recovered"});
}

TEST_CASE("what was told is not told again after a restart") {
    Telling daemon;
    daemon.write(daemon.ca.issue());
    daemon.cloud.faults["upload"] = std::deque(3, Fault::unsupported);
    daemon.run_telling();
    daemon.start_telling();
    daemon.loop.pass(1h);
    CHECK(daemon.ops().summaries.size() == 1);
}

TEST_CASE("after a restart with unusable files nothing is told until they were looked at") {
    Telling before;
    before.run_telling();
    REQUIRE(before.ops().summaries == Texts{"certferry on admin-1: 1 failed"});

    Telling daemon;
    daemon.journal = before.journal;
    daemon.start();
    daemon.start_telling();
    daemon.loop.pass(5min);
    CHECK(daemon.ops().summaries.empty());
    daemon.loop.spawn(daemon.supervisor->run());
    daemon.loop.pass(1h);
    CHECK(daemon.ops().summaries.empty());

    daemon.write(daemon.ca.issue());
    daemon.loop.pass(1h);
    CHECK(daemon.ops().summaries == Texts{"certferry on admin-1: 1 recovered"});
}

TEST_CASE("a notifier that a reload brings is told what still fails, the others are not again") {
    Telling daemon;
    daemon.write(daemon.ca.issue());
    daemon.cloud.faults["upload"] = std::deque(3, Fault::unsupported);
    daemon.run_telling();
    daemon.employ("robot");
    daemon.apply();
    daemon.loop.pass(1h);
    CHECK(daemon.ops().summaries.size() == 1);
    CHECK(daemon.receivers.at(NotifierName("robot"))->summaries == Texts{"certferry on admin-1: 1 failed"});
}

TEST_CASE(
    "the first rotation of a mapping that a reload brings is told, those before it was one's own are not") {
    Telling daemon;
    daemon.run_telling_only("robot");
    CHECK(daemon.ops().summaries.empty());

    daemon.config.mappings[0].notify.reset();
    daemon.add_mapping("shop", "51700001");
    daemon.write(daemon.ca.issue(), "shop");
    daemon.apply();
    daemon.loop.pass(10min);
    CHECK(daemon.ops().summaries == Texts{"certferry on admin-1: 1 rotated"});
    REQUIRE(daemon.ops().messages.size() == 1);
    CHECK(daemon.ops().messages[0].notices.at(0).mapping.str() == "shop");
}

TEST_CASE("a restart before the message was sent makes no rotation old") {
    Telling before;
    before.ops().broken = true;
    before.write(before.ca.issue());
    before.run_telling();
    REQUIRE_FALSE(before.ops().attempts.empty());

    Telling daemon;
    daemon.journal = before.journal;
    daemon.files = before.files;
    daemon.loop.pass(1h);
    daemon.run_telling();
    CHECK(daemon.ops().summaries == Texts{"certferry on admin-1: 1 rotated"});
}

TEST_CASE("a mapping says who is told of it") {
    Telling daemon;
    daemon.run_telling_only("robot");
    CHECK(daemon.ops().summaries.empty());
    CHECK(daemon.receivers.at(NotifierName("robot"))->summaries.size() == 1);
}

TEST_CASE("a notifier that no mapping tells by any more stops trying to tell of them") {
    Telling daemon;
    daemon.employ("robot");
    daemon.ops().broken = true;
    daemon.write(daemon.ca.issue());
    daemon.run_telling();
    daemon.loop.pass(1h);
    REQUIRE_FALSE(daemon.ops().attempts.empty());
    daemon.config.mappings[0].notify = {{NotifierName("robot")}};
    daemon.apply();
    daemon.loop.pass(20min);
    daemon.ops().broken = false;
    daemon.ops().attempts.clear();
    daemon.loop.pass(2h);
    CHECK(daemon.ops().attempts.empty());
}

TEST_CASE("the log says that a deployed certificate nears its end, with or without notifiers") {
    Telling daemon;
    daemon.config.notifiers.clear();
    CertificateSpec spec;
    spec.not_after = test_now + std::chrono::days(11);
    daemon.write(daemon.ca.issue(spec));
    daemon.run_telling();
    daemon.loop.pass(12 * 24h);
    CHECK(daemon.log.count("certificate.expiring") == 4);
    CHECK(daemon.log.last("certificate.expiring").find("has expired") != std::string::npos);
}

TEST_CASE("a test is sent by each notifier, and each says how it went") {
    Telling daemon;
    daemon.employ("robot");
    daemon.ops().broken = true;
    daemon.run_telling();
    const NotifierTrials trials = daemon.loop.run(daemon.announcers.back().try_out());
    REQUIRE(trials.size() == 2);
    CHECK(trials[0].second.has_error());
    CHECK(trials[1].second.has_value());
    CHECK(daemon.receivers.at(NotifierName("robot"))->summaries.back() == "certferry on admin-1: 1 test");
}

}  // namespace
}  // namespace certferry
