// SPDX-License-Identifier: MIT
#include "service/supervise.hpp"

#include "rotate/rotation_world.hpp"
#include "support/fake_files.hpp"
#include "support/test_certificates.hpp"

#include <set>

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace certferry {
namespace {

using namespace tests;
using namespace std::chrono_literals;
using Ids = std::vector<std::string>;

// Hints as a test gives them; remembers what is followed.
class FakeWatch final : public Watch {
public:
    explicit FakeWatch(const boost::asio::any_io_executor& executor) : wakeup_(executor) {}

    void follow(LineageIndex lineage, const std::vector<std::filesystem::path>& directories) override {
        followed[lineage] = directories;
    }
    Awaitable<std::set<LineageIndex>> next() override {
        while (hints_.empty()) co_await wakeup_.wait();
        co_return std::exchange(hints_, {});
    }

    void hint(LineageIndex lineage) {
        hints_.insert(lineage);
        wakeup_.notify();
    }

    std::map<LineageIndex, std::vector<std::filesystem::path>> followed;

private:
    Wakeup wakeup_;
    std::set<LineageIndex> hints_;
};

// A daemon over fakes: one mapping, "www", whose files a test writes.
struct Service {
    Service() {
        config::Mapping mapping;
        mapping.name = MappingName("www");
        mapping.lineage.chain = "/live/fullchain.pem";
        mapping.lineage.key = "/live/privkey.pem";
        mapping.gate.trust = config::TrustAny{};
        mapping.targets.push_back({AccountName("default"), CertificateId("4b9fc92b")});
        config.mappings.push_back(mapping);
        config.accounts[AccountName("default")].name = AccountName("default");

        CertificateFacts deployed;
        deployed.not_after = test_now + std::chrono::days(10);
        deployed.names = {"www.example.com"};
        cloud.bind("lb-1", "lbl-1", cloud.add("4b9fc92b", deployed));
    }

    void write(const TestCertificate& leaf) {
        files.write("/live/fullchain.pem", ca.full_chain(leaf));
        files.write("/live/privkey.pem", leaf.key().pkcs8());
    }

    Supervisor& start() {
        const LookoutPorts lookout(files, watch, loop, log);
        const SupervisorPorts ports(lookout, random, journal, prober,
                                    [this](const AccountName&) { return shared_cloud(); });
        const std::map<MappingName, Trust> trust{{MappingName("www"), Trust::any()}};
        supervisor.emplace(loop.executor(), config, ports, trust);
        return *supervisor;
    }

    std::shared_ptr<Cloud> shared_cloud() {
        return {&cloud, [](Cloud*) {}};
    }

    void run() {
        start();
        loop.spawn(supervisor->run());
        loop.settle();
    }

    Ids succession() { return journal.ids({AccountName("default"), CertificateId("4b9fc92b")}); }

    TestCa ca;
    config::Config config;
    SimulatedLoop loop{test_now};
    FakeFiles files;
    FakeWatch watch{loop.executor()};
    RecordedLog log;
    SeededRandom random{3};
    MemoryJournal journal;
    SettableProber prober;
    SimulatedCloud cloud;
    std::optional<Supervisor> supervisor;
};

TEST_CASE("what is on disk when the daemon starts is deployed") {
    Service service;
    service.write(service.ca.issue());
    service.run();
    service.loop.pass(1min);
    CHECK(service.succession() == Ids{"4b9fc92b", "new00001"});
    CHECK_FALSE(service.watch.followed[0].empty());
}

TEST_CASE("a hint is looked at after a quiet time") {
    Service service;
    service.write(service.ca.issue());
    service.run();
    service.loop.pass(1min);

    service.write(service.ca.issue());
    service.watch.hint(0);
    service.loop.pass(900ms);
    CHECK(service.succession().size() == 2);
    service.loop.pass(10s);
    CHECK(service.succession() == Ids{"4b9fc92b", "new00001", "new00002"});
}

TEST_CASE("a renewal is found by the rescan when every hint was lost") {
    Service service;
    service.write(service.ca.issue());
    service.run();
    service.loop.pass(1min);
    service.write(service.ca.issue());
    service.loop.pass(6min);
    CHECK(service.succession() == Ids{"4b9fc92b", "new00001", "new00002"});
}

TEST_CASE("what is served for the shortest time comes first") {
    Service service;
    for (const int days : {40, 5}) {
        CertificateFacts deployed;
        deployed.not_after = test_now + std::chrono::days(days);
        deployed.names = {"www.example.com"};
        const std::string id = fmt::format("days{:04}", days);
        service.cloud.bind("lb-1", "lbl-" + id, service.cloud.add(id, deployed));
        service.config.mappings.front().targets.push_back({AccountName("default"), CertificateId(id)});
    }
    // The first look learns when each of them ends, and holds the older certificate.
    CertificateSpec older;
    older.not_after = test_now + std::chrono::days(2);
    service.config.mappings.front().gate.min_remaining = 0s;
    service.write(service.ca.issue(older));
    service.run();
    service.cloud.calls.clear();
    service.write(service.ca.issue());
    service.watch.hint(0);
    service.loop.pass(1min);
    Ids replaced;
    for (const std::string& call : service.cloud.calls)
        if (call.starts_with("replace ")) replaced.push_back(call.substr(8, 8));
    CHECK(replaced == Ids{"days0005", "4b9fc92b", "days0040"});
}

TEST_CASE("unchanged files are not read again") {
    Service service;
    service.write(service.ca.issue());
    service.run();
    service.loop.pass(1h);
    CHECK(service.files.reads["/live/privkey.pem"] == 1);
}

TEST_CASE("a torn write is not sent, and reported once it has lasted") {
    Service service;
    const TestCertificate old_leaf = service.ca.issue();
    const TestCertificate new_leaf = service.ca.issue();
    service.files.write("/live/fullchain.pem", service.ca.full_chain(new_leaf));
    service.files.write("/live/privkey.pem", old_leaf.key().pkcs8());
    service.run();
    service.loop.pass(20s);
    CHECK(service.log.count("bundle.unusable") == 0);
    service.loop.pass(1h);
    CHECK(service.log.count("bundle.unusable mapping=www reason=key_mismatch") == 1);
    CHECK(service.cloud.calls.empty());

    service.write(new_leaf);
    service.watch.hint(0);
    service.loop.pass(1min);
    CHECK(service.succession() == Ids{"4b9fc92b", "new00001"});
}

TEST_CASE("a torn write that heals by itself needs no hint and no rescan") {
    Service service;
    const TestCertificate leaf = service.ca.issue();
    service.files.write("/live/fullchain.pem", service.ca.full_chain(leaf));
    service.run();
    service.loop.pass(5s);
    service.write(leaf);
    service.loop.pass(20s);
    CHECK(service.succession() == Ids{"4b9fc92b", "new00001"});
}

TEST_CASE("a stopped daemon ends when the rotation in flight has come to rest") {
    Service service;
    service.write(service.ca.issue());
    service.cloud.at = [&](const std::string& moment) {
        if (moment == "upload done") service.supervisor->stop();
    };
    Supervisor& supervisor = service.start();
    const auto work = [&]() -> Awaitable<bool> {
        co_await supervisor.run();
        co_return true;
    };
    CHECK(service.loop.run(work()));
    CHECK(service.cloud.moves.empty());
    CHECK(service.log.count("rotation.uploaded") == 1);
}

TEST_CASE("one try tells how it went") {
    Service service;
    int expected = 0;
    SUBCASE("all deployed") {
        service.write(service.ca.issue());
    }
    SUBCASE("no usable files") {
        expected = 6;
    }
    SUBCASE("the API fails for now") {
        service.write(service.ca.issue());
        service.cloud.faults["replace"] = {Fault::refused};
        expected = 8;
    }
    SUBCASE("the API says yes and does nothing") {
        service.write(service.ca.issue());
        service.cloud.faults["replace"] = {Fault::no_effect};
        expected = 9;
    }
    CHECK(service.loop.run(service.start().run_once()) == expected);
}

TEST_CASE("the exit code speaks for all targets") {
    const std::optional<Error> deployed;
    const std::optional held = Error(Errc::expired, "");
    const std::optional retrying = Error(Errc::unreachable, "");
    CHECK(exit_code_of({deployed, deployed}) == 0);
    CHECK(exit_code_of({held, held}) == 6);
    CHECK(exit_code_of({deployed, held}) == 3);
    CHECK(exit_code_of({held, retrying}) == 1);
}

}  // namespace
}  // namespace certferry
