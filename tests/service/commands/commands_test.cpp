// SPDX-License-Identifier: MIT
#include "service/commands/commands.hpp"

#include "service/service.hpp"

#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace tests;
using namespace std::chrono_literals;
using control::Answer;
using control::Command;
using control::Request;
using Ids = std::vector<std::string>;

Request request(Command command, const char* mapping = nullptr) {
    Request request;
    request.command = command;
    if (mapping != nullptr) request.mapping = MappingName(mapping);
    return request;
}

// A running daemon that is asked.
struct Asked : Service {
    Answer ask(const Request& asked) {
        CommandPorts ports(*supervisor, journal, prober, loop, files);
        ports.daemon = [] { return DaemonState(); };
        ports.machine = [] { return MachineFacts(); };
        ports.reload = [this] {
            ReloadOutcome outcome;
            if (bad_file)
                outcome.refused = Error(Errc::config_invalid, "line 3: no");
            else
                outcome.changes = apply();
            return outcome;
        };
        ports.set_log_level = [this](LogLevel least) { level = least; };
        Commands commands(ports);
        return *control::parse_answer(render(loop.run(commands.carry_out(asked))));
    }

    Answer wait_for(Command command, Duration timeout = 5min) {
        Request asked = request(command, command == Command::rotate ? "www" : nullptr);
        asked.wait = true;
        asked.timeout = timeout;
        return ask(asked);
    }

    void deploy() {
        write(ca.issue());
        run();
        loop.pass(1min);
    }

    bool bad_file = false;
    LogLevel level = LogLevel::info;
};

std::string says(const Answer& answer, const char* list = "targets") {
    return std::string(answer.result.at(list).at(0).at("says").as_string());
}

TEST_CASE("a hook is told that its renewal is proven, without waiting for quiet") {
    Asked daemon;
    daemon.deploy();
    daemon.write(daemon.ca.issue());
    Request asked = request(Command::notify);
    asked.lineage = "/live/www/";
    asked.wait = true;
    const Answer answer = daemon.ask(asked);
    CHECK(answer.exit_code == 0);
    CHECK(answer.result.at("targets").at(0).at("deployed_id").as_string() == "new00002");
    CHECK(daemon.succession().size() == 3);
}

TEST_CASE("a renewal that no mapping follows is nothing to complain of") {
    Asked daemon;
    daemon.deploy();
    Request asked = request(Command::notify);
    asked.lineage = "/live/elsewhere";
    const Answer answer = daemon.ask(asked);
    CHECK(answer.exit_code == 0);
    CHECK(answer.result.at("says").as_string() == "no mapping follows /live/elsewhere: nothing to do");
}

TEST_CASE("the exit code of a hook's wait tells the truth") {
    Asked daemon;
    daemon.run();
    SUBCASE("6: nothing usable is on disk") {
        CHECK(daemon.wait_for(Command::notify).exit_code == 6);
    }
    SUBCASE("7: the cloud says no") {
        daemon.write(daemon.ca.issue());
        daemon.cloud.faults["upload"] = {Fault::unsupported};
        CHECK(daemon.wait_for(Command::notify).exit_code == 7);
    }
    SUBCASE("8: it is still tried when the time is over") {
        daemon.write(daemon.ca.issue());
        daemon.cloud.faults["upload"] = std::deque(1000, Fault::busy);
        const Answer answer = daemon.wait_for(Command::notify, 30s);
        CHECK(answer.exit_code == 8);
    }
    SUBCASE("9: it cannot be proven") {
        daemon.write(daemon.ca.issue());
        daemon.cloud.faults["replace"] = std::deque(1000, Fault::no_effect);
        CHECK(daemon.wait_for(Command::notify, 4min).exit_code == 9);
    }
    SUBCASE("3: of two, one") {
        daemon.add_mapping("shop", "5h0p0000");
        daemon.apply();
        daemon.write(daemon.ca.issue());
        CHECK(daemon.wait_for(Command::notify).exit_code == 3);
    }
    SUBCASE("6: a person wants no rotation") {
        daemon.write(daemon.ca.issue());
        CHECK(daemon.ask(request(Command::pause, "www")).exit_code == 0);
        const Answer answer = daemon.wait_for(Command::notify);
        CHECK(answer.exit_code == 6);
        CHECK(answer.result.at("targets").at(0).at("reason").as_string() == "paused");
        CHECK(daemon.cloud.calls.empty());
    }
}

TEST_CASE("a person's rotation goes through a hold, and through a wait") {
    Asked daemon;
    daemon.write(daemon.ca.issue());
    daemon.cloud.faults["replace"] = {Fault::refused};
    daemon.config.mappings[0].retry = {1h, 1h, 2.0};
    daemon.run();
    daemon.loop.pass(1min);
    CHECK(daemon.succession().size() == 1);
    SUBCASE("a wait") {}
    SUBCASE("a hold") {
        CHECK(daemon.ask(request(Command::pause, "www")).exit_code == 0);
        daemon.loop.pass(2h);
        CHECK(daemon.succession().size() == 1);
    }
    CHECK(daemon.wait_for(Command::rotate).exit_code == 0);
    CHECK(daemon.succession().size() == 2);
}

TEST_CASE("what was rejected is tried again when a person asks for it") {
    Asked daemon;
    daemon.write(daemon.ca.issue());
    daemon.cloud.faults["upload"] = {Fault::unsupported};
    daemon.run();
    daemon.loop.pass(1h);
    CHECK(daemon.succession().size() == 1);
    CHECK(daemon.wait_for(Command::rotate).exit_code == 0);
    CHECK(daemon.succession().size() == 2);
}

TEST_CASE("what is deployed is proven anew when a person insists") {
    Asked daemon;
    daemon.deploy();
    Request asked = request(Command::rotate, "www");
    asked.wait = true;
    CHECK(daemon.ask(asked).exit_code == 0);
    CHECK(daemon.log.count("rotation.done") == 1);
    asked.anew = true;
    CHECK(daemon.ask(asked).exit_code == 0);
    CHECK(daemon.log.count("rotation.done") == 2);
    CHECK(daemon.cloud.moves.size() == 1);

    daemon.cloud.bound.clear();
    asked.timeout = 10s;
    CHECK(daemon.ask(asked).exit_code == 8);
}

TEST_CASE("a name that no mapping has") {
    Asked daemon;
    daemon.run();
    for (const Command command : {Command::status, Command::history, Command::plan, Command::rotate,
                                  Command::pause, Command::resume, Command::rollback, Command::probe}) {
        const Answer answer = daemon.ask(request(command, "ww"));
        CHECK(answer.exit_code == 4);
        CHECK(answer.error == "no mapping is named \"ww\". Did you mean \"www\"?");
    }
}

TEST_CASE("the status and the history of everything, or of one") {
    Asked daemon;
    daemon.add_mapping("shop", "5h0p0000");
    daemon.deploy();
    const Answer all = daemon.ask(request(Command::status));
    CHECK(all.result.at("version").as_int64() == 1);
    CHECK(all.result.at("targets").as_array().size() == 2);
    const Answer one = daemon.ask(request(Command::status, "www"));
    CHECK(one.result.at("targets").as_array().size() == 1);
    CHECK(says(one).starts_with("deployed and proven"));
    CHECK(one.result.at("targets").at(0).as_object().contains("on_disk_fingerprint"));
    CHECK(says(daemon.ask(request(Command::status, "shop"))).starts_with("nothing usable on disk"));
    const Answer history = daemon.ask(request(Command::history, "www"));
    CHECK(history.result.at("targets").at(0).at("succession").as_array().size() == 2);
}

TEST_CASE("a renewal while the plan looks at the cloud takes no bundle away from it") {
    Asked daemon;
    daemon.deploy();
    bool renewed = false;
    daemon.cloud.at = [&](const std::string& moment) {
        if (moment != "bindings" || std::exchange(renewed, true)) return;
        daemon.write(daemon.ca.issue());
        daemon.supervisor->hasten({MappingName("www")}, false, true);
    };
    const Answer answer = daemon.ask(request(Command::plan));
    CHECK(renewed);
    CHECK(answer.exit_code == 0);
    daemon.loop.pass(1min);
    CHECK(daemon.succession().size() == 3);
}

TEST_CASE("the plan says what would be done, and whom it would touch") {
    Asked daemon;
    daemon.run();
    CHECK(says(daemon.ask(request(Command::plan))) == "nothing: there is no usable certificate on disk");

    REQUIRE(daemon.supervisor->hold(MappingName("www")));
    daemon.write(daemon.ca.issue());
    daemon.loop.pass(10min);
    const Answer answer = daemon.ask(request(Command::plan));
    CHECK(answer.exit_code == 0);
    const auto& target = answer.result.at("targets").at(0);
    const std::string since(target.at("on_hold_since").as_string());
    CHECK_MESSAGE(says(answer).starts_with("on hold since " + since +
                                           ", until `certferry resume www`; then "
                                           "replace 4b9fc92b by certificate"),
                  says(answer));
    const auto& places = target.at("load_balancers").as_array();
    REQUIRE(places.size() == 1);
    CHECK(places[0].at("listener").as_string() == "lbl-www");
    CHECK(daemon.cloud.calls.empty());

    CertificateSpec other;
    other.names = {"other.example.com"};
    daemon.write(daemon.ca.issue(other));
    daemon.loop.pass(10min);
    const Answer refused = daemon.ask(request(Command::plan));
    CHECK(refused.exit_code == 6);
    CHECK(refused.result.at("targets").at(0).at("reason").as_string() == "names_lost");
    CHECK_MESSAGE(says(refused).starts_with("on hold since "), says(refused));
    REQUIRE(daemon.supervisor->release(MappingName("www")));
    const std::string released = says(daemon.ask(request(Command::plan)));
    CHECK_MESSAGE(released.find("on hold") == std::string::npos, released);
}

TEST_CASE("a probe compares what is served with what is deployed") {
    Asked daemon;
    daemon.write(daemon.ca.issue());
    daemon.run();
    daemon.loop.pass(1min);
    CHECK(daemon.ask(request(Command::probe, "www")).exit_code == 1);

    daemon.config.mappings[0].verify.endpoint = {{"www.example.com", 443, std::nullopt}};
    daemon.apply();
    daemon.loop.pass(1min);
    daemon.prober.served.fingerprint = Fingerprint(std::string(64, '0'));
    CHECK(daemon.ask(request(Command::probe, "www")).exit_code == 9);
    const TargetKey target{AccountName("default"), CertificateId("4b9fc92b")};
    daemon.prober.served = *daemon.journal.succession(target, daemon.loop.now())->head().certificate;
    CHECK(daemon.ask(request(Command::probe, "www")).exit_code == 0);
    daemon.prober.unreachable = true;
    CHECK(daemon.ask(request(Command::probe, "www")).exit_code == 8);
}

TEST_CASE("back to the id before, until a newer bundle comes or a person goes forward again") {
    Asked daemon;
    daemon.deploy();
    const Answer answer = daemon.ask(request(Command::rollback, "www"));
    CHECK_MESSAGE(answer.exit_code == 0, answer.error);
    CHECK(daemon.cloud.bound.begin()->second == CertificateId("4b9fc92b"));
    CHECK(daemon.succession().back() == "4b9fc92b");
    daemon.loop.pass(1h);
    CHECK(daemon.cloud.bound.begin()->second == CertificateId("4b9fc92b"));
    CHECK(
        says(daemon.ask(request(Command::status))) ==
        "held: rolled back (new00001 -> 4b9fc92b, by hand). The next renewal goes forward again, and so does "
        "`certferry rotate --force`");
    CHECK(daemon.ask(request(Command::rollback, "www")).exit_code == 1);

    SUBCASE("a newer bundle") {
        daemon.write(daemon.ca.issue());
        daemon.loop.pass(10min);
        CHECK(daemon.succession().back() == "new00002");
    }
    SUBCASE("forward again") {
        CHECK(daemon.wait_for(Command::rotate).exit_code == 9);
        Request asked = request(Command::rotate, "www");
        asked.wait = asked.anew = true;
        CHECK(daemon.ask(asked).exit_code == 0);
        CHECK(daemon.succession().back() == "new00001");
    }
}

TEST_CASE("an id that a person states becomes the head, once it was found and bound") {
    Asked daemon;
    daemon.deploy();
    Request asked = request(Command::adopt, "www");
    asked.certificate = CertificateId("n0ne");
    CHECK(daemon.ask(asked).exit_code == 7);

    CertificateFacts facts;
    facts.not_after = test_now + std::chrono::days(20);
    facts.names = {"www.example.com"};
    const CertificateId byhand = daemon.cloud.add("byhand00", facts);
    asked.certificate = byhand;
    CHECK_MESSAGE(daemon.ask(asked).exit_code == 1, "it is bound nowhere");
    daemon.cloud.bind("lb-1", "lbl-www", byhand);
    CHECK(daemon.ask(asked).exit_code == 0);
    daemon.loop.pass(1min);
    CHECK(daemon.succession() == Ids{"4b9fc92b", "new00001", "byhand00", "new00001"});
}

TEST_CASE("the doctor names what is ill") {
    Asked daemon;
    daemon.deploy();
    const Answer healthy = daemon.ask(request(Command::doctor));
    CHECK(healthy.exit_code == 0);
    const auto& last = healthy.result.at("checks").as_array().back();
    CHECK(last.at("says").as_string() == "load balancers can be read: new00001 is bound at 1 place");
    daemon.files.remove("/live/www/privkey.pem");
    daemon.loop.pass(10min);
    const Answer answer = daemon.ask(request(Command::doctor));
    CHECK(answer.exit_code == 1);
    bool found = false;
    for (const auto& check : answer.result.at("checks").as_array())
        found = found || (check.at("subject").as_string() == "files of www" &&
                          check.at("finding").as_string() == "failure");
    CHECK(found);
}

TEST_CASE("a reload tells its verdict, and the log level changes at once") {
    Asked daemon;
    daemon.run();
    daemon.add_mapping("shop", "5h0p0000");
    const Answer answer = daemon.ask(request(Command::reload));
    CHECK(answer.exit_code == 0);
    CHECK(answer.result.at("added").at(0).as_string() == "shop");
    daemon.bad_file = true;
    const Answer refused = daemon.ask(request(Command::reload));
    CHECK(refused.exit_code == 4);
    CHECK(refused.error == "line 3: no");

    Request asked = request(Command::log_level);
    asked.level = "debug";
    CHECK(daemon.ask(asked).exit_code == 0);
    CHECK(daemon.level == LogLevel::debug);
    asked.level = "loud";
    CHECK(daemon.ask(asked).exit_code == 2);
}

TEST_CASE("a daemon that stops lets nobody wait") {
    Asked daemon;
    daemon.write(daemon.ca.issue());
    daemon.cloud.faults["upload"] = std::deque(1000, Fault::busy);
    daemon.run();
    daemon.loop.pass(1s);
    daemon.supervisor->stop();
    CHECK(daemon.wait_for(Command::notify, 1h).exit_code == 8);
}

}  // namespace
}  // namespace certferry
