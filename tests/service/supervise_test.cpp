// SPDX-License-Identifier: MIT
#include "service/supervise.hpp"

#include "service/service.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace certferry {
namespace {

using namespace tests;
using namespace std::chrono_literals;
using Ids = std::vector<std::string>;

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

TEST_CASE("what was judged good in an earlier run is known by its files, and what is new is judged") {
    Service service;
    service.write(service.ca.issue());
    service.run();
    service.loop.pass(1min);
    const MappingName www("www");
    auto known = service.journal.known_bundle(www).value();
    REQUIRE(known.has_value());
    CHECK(known->leaf.issuer.find("memory") == std::string::npos);

    // Whoever says this issuer has asked the memory.
    known->leaf.issuer = "CN = memory";
    REQUIRE(service.journal.know_bundles({{www, *known}}));
    service.run();
    CHECK(service.supervisor->find(www)->seen->leaf().issuer == "CN = memory");
    CHECK_MESSAGE(service.log.count("bundle.found") == 1, "it is no news");

    service.write(service.ca.issue());
    service.run();
    service.loop.pass(1min);
    CHECK(service.supervisor->find(www)->seen->leaf().issuer != "CN = memory");
    CHECK(service.succession() == Ids{"4b9fc92b", "new00001", "new00002"});
    CHECK(service.journal.known_bundle(www).value()->seal != known->seal);
}

TEST_CASE(
    "a link that lineages share is swapped in the middle of a rescan: those that come after are followed "
    "anew") {
    Service service;
    service.add_mapping("shop", "51700001");
    service.files.links["/live"] = "/releases/7";
    for (const char* const mapping : {"www", "shop"}) service.write(service.ca.issue(), mapping);
    service.run();
    service.loop.pass(1min);
    service.files.after_read = [&](const auto&) {
        service.files.links["/live"] = "/releases/8";
        service.watch.hint(1);
    };
    service.write(service.ca.issue());
    service.loop.pass(service.config.daemon.rescan);
    const std::vector<Step>& followed = service.watch.followed.at(1);
    const auto in = [](const char* directory) {
        return [directory](const Step& step) { return step.directory == directory; };
    };
    CHECK(std::any_of(followed.begin(), followed.end(), in("/releases/8/shop")));
    CHECK(std::none_of(followed.begin(), followed.end(), in("/releases/7/shop")));
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

TEST_CASE("a target knows the others of its mapping, and no more") {
    Service service;
    service.config.mappings.front().targets.push_back({AccountName("default"), CertificateId("other001")});
    service.add_mapping("shop", "shop0001");
    service.start();
    const auto charge = service.supervisor->find(MappingName("www"));
    REQUIRE(charge != nullptr);
    const Target& first = charge->pursuits.front().target();
    const Target& second = charge->pursuits.back().target();
    CHECK(first.siblings == std::vector{second.key});
    CHECK(second.siblings == std::vector{first.key});
}

TEST_CASE("what somebody changes in the console is noticed within the hour, and mended once") {
    Service service;
    service.write(service.ca.issue());
    service.run();
    service.loop.pass(1min);
    service.cloud.bind("lb-1", "lbl-www", CertificateId("4b9fc92b"));
    SUBCASE("of a mapping that a person holds, nothing") {
        REQUIRE(service.supervisor->hold(MappingName("www")));
        service.loop.pass(2h);
        CHECK(service.cloud.bound.begin()->second == CertificateId("4b9fc92b"));
    }
    SUBCASE("of the others, all") {
        service.loop.pass(5h);
        CHECK(service.cloud.bound.begin()->second == CertificateId("new00001"));
        CHECK(service.log.count("rotation.done") == 2);
    }
}

// What is found and goes on its way at once is read once.
constexpr int reads_of_a_bundle = 1;

TEST_CASE("unchanged files are not read again") {
    Service service;
    service.write(service.ca.issue());
    service.run();
    service.loop.pass(1h);
    CHECK(service.succession() == Ids{"4b9fc92b", "new00001"});
    CHECK(service.files.reads["/live/www/privkey.pem"] == reads_of_a_bundle);
}

TEST_CASE("what does not go on its way at once is read again when it does") {
    Service service;
    service.write(service.ca.issue());
    REQUIRE(service.journal.hold(MappingName("www"), test_now));
    service.run();
    CHECK(service.files.reads["/live/www/privkey.pem"] == 1);
    REQUIRE(service.supervisor->release(MappingName("www")));
    service.loop.pass(1min);
    CHECK(service.succession() == Ids{"4b9fc92b", "new00001"});
    CHECK(service.files.reads["/live/www/privkey.pem"] == 2);
}

TEST_CASE("a torn write is not sent, and reported once it has lasted") {
    Service service;
    const TestCertificate old_leaf = service.ca.issue();
    const TestCertificate new_leaf = service.ca.issue();
    service.files.write("/live/www/fullchain.pem", service.ca.full_chain(new_leaf));
    service.files.write("/live/www/privkey.pem", old_leaf.key().pkcs8());
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
    service.files.write("/live/www/fullchain.pem", service.ca.full_chain(leaf));
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

TEST_CASE("a reload: what stays the same goes on, what is new begins, what is gone ends") {
    Service service;
    service.add_mapping("old", "0ld00000");
    service.write(service.ca.issue());
    service.write(service.ca.issue(), "old");
    service.run();
    service.loop.pass(1min);
    CHECK(service.succession("0ld00000").size() == 2);

    service.remove_mapping("old");
    service.add_mapping("shop", "5h0p0000");
    service.write(service.ca.issue(), "shop");
    const ConfigChanges changes = service.apply();
    CHECK(changes.added == std::vector{MappingName("shop")});
    CHECK(changes.removed == std::vector{MappingName("old")});
    CHECK(changes.changed.empty());
    CHECK(changes.kept == 1);
    CHECK(service.watch.followed[1].empty());
    service.loop.pass(1min);
    CHECK(service.succession("5h0p0000").size() == 2);

    service.write(service.ca.issue());
    service.write(service.ca.issue(), "old");
    service.watch.hint(0);
    service.watch.hint(1);
    service.loop.pass(10min);
    CHECK(service.succession().size() == 3);
    CHECK(service.succession("0ld00000").size() == 2);
    CHECK(service.files.reads["/live/www/privkey.pem"] == 2 * reads_of_a_bundle);
}

TEST_CASE("what is under way when its mapping changes finishes as it began; then the changed one begins") {
    Service service;
    service.write(service.ca.issue());
    service.prober.served.fingerprint = Fingerprint("another");
    service.config.mappings[0].verify.attempts_for = 1min;
    service.config.mappings[0].verify.endpoint = {{"www.example.com", 443, std::nullopt}};
    service.run();
    service.loop.pass(10s);
    CHECK_MESSAGE(service.cloud.moves.size() == 1, "the proof is being sought");

    service.config.mappings[0].verify.endpoint.clear();
    CHECK(service.apply().changed == std::vector{MappingName("www")});
    service.loop.pass(10s);
    CHECK_MESSAGE(service.succession().size() == 1, "by the configuration before, it is not proven");
    service.loop.pass(2min);
    CHECK(service.log.count("rotation.waiting") == 1);
    CHECK(service.succession() == Ids{"4b9fc92b", "new00001"});
    CHECK(service.cloud.moves.size() == 1);
}

TEST_CASE("what waits when its mapping changes waits no longer") {
    Service service;
    service.write(service.ca.issue());
    service.cloud.faults["replace"] = {Fault::refused};
    service.config.mappings[0].retry = {1h, 1h, 2.0};
    service.run();
    service.loop.pass(1min);
    CHECK(service.succession().size() == 1);
    service.config.mappings[0].retry = {2h, 2h, 2.0};
    service.apply();
    service.loop.pass(1min);
    CHECK(service.succession().size() == 2);
}

TEST_CASE("a burst of reloads under a burst of rotations loses none and repeats none") {
    Service service;
    for (int number = 0; number < 20; ++number) {
        const std::string name = "m" + std::to_string(number);
        service.add_mapping(name, "id" + name);
        service.write(service.ca.issue(), name);
    }
    service.write(service.ca.issue());
    service.run();
    for (int change = 0; change < 30; ++change) {
        for (config::Mapping& mapping : service.config.mappings)
            mapping.verify.attempts_for = std::chrono::seconds(60 + change);
        service.apply();
        service.loop.pass(150ms);
    }
    service.loop.pass(10min);
    CHECK(service.succession().size() == 2);
    for (int number = 0; number < 20; ++number)
        CHECK(service.succession("idm" + std::to_string(number)).size() == 2);
    CHECK(service.cloud.moves.size() == 21);
}

TEST_CASE("a mapping on hold begins nothing by itself, also after a restart, until it is released") {
    Service service;
    service.run();
    REQUIRE(service.supervisor->hold(MappingName("www")));
    service.write(service.ca.issue());
    service.loop.pass(10min);
    CHECK(service.cloud.calls.empty());
    service.apply();
    service.loop.pass(10min);
    CHECK(service.cloud.calls.empty());

    REQUIRE(service.supervisor->release(MappingName("www")));
    service.loop.pass(1min);
    CHECK(service.succession().size() == 2);
}

TEST_CASE("the exit code speaks for all targets") {
    Verdict deployed;
    Verdict held;
    held.failure = Error(Errc::expired, "");
    Verdict retrying;
    retrying.failure = Error(Errc::unreachable, "");
    CHECK(exit_code_of({deployed, deployed}) == 0);
    CHECK(exit_code_of({held, held}) == 6);
    CHECK(exit_code_of({deployed, held}) == 3);
    CHECK(exit_code_of({held, retrying}) == 1);
}

}  // namespace
}  // namespace certferry
