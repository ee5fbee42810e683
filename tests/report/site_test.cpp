// SPDX-License-Identifier: MIT
#include "report/site.hpp"

#include "report/history_json.hpp"
#include "report/host_check.hpp"
#include "support/memory_journal.hpp"
#include "support/simulated_loop.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;
using tests::MemoryJournal;
using tests::SimulatedLoop;

const TargetKey www{AccountName("default"), CertificateId("4b9fc92b")};

config::Http at(const char* address, std::vector<std::string> hosts = {}) {
    return {config::ListenAtAddress{address, 9812}, std::move(hosts)};
}

/// A site over one mapping, whose snapshot a test may slow down or break.
struct SiteWorld {
    SiteWorld() {
        config::Mapping mapping;
        mapping.name = MappingName("www");
        mapping.targets.push_back({www.account, www.configured_id});
        config.mappings.push_back(mapping);
        MappingState state;
        state.mapping = mapping.name;
        state.targets.emplace_back().target = www;
        snapshot.mappings.push_back(state);
    }

    SitePorts ports() {
        SitePorts ports(loop.executor(), loop, journal, tally);
        ports.snapshot = [this] { return make(); };
        ports.config = [this]() -> const config::Config& { return config; };
        ports.mapping_of = [](const TargetKey& target) {
            return target == www ? std::optional(MappingName("www")) : std::nullopt;
        };
        ports.vitals = [] { return Vitals(); };
        ports.readiness = [this] { return readiness; };
        return ports;
    }
    Awaitable<Result<Snapshot>> make() {
        ++made;
        co_await loop.sleep_until(loop.steady_now() + takes);
        if (broken) co_return *broken;
        co_return snapshot;
    }

    WebReply ask(const std::string& target, const std::string& method = "GET", const std::string& etag = "",
                 const std::string& host = "localhost:9812", const std::string& accept = "") {
        WebRequest request;
        request.method = method;
        request.target = target;
        request.host = host;
        request.accept = accept;
        request.if_none_match = etag;
        return loop.run(site.answer(request));
    }

    SimulatedLoop loop{WallTime(std::chrono::seconds(1764504000))};
    MemoryJournal journal;
    Tally tally;
    config::Config config;
    Snapshot snapshot;
    Readiness readiness{{{"journal", true, "can be read"}}};
    Duration takes = 0ms;
    std::optional<Error> broken;
    int made = 0;
    Site site{ports(), at("127.0.0.1")};
};

/// By it every step takes as long as a slice of time may.
class TickingClock final : public Clock {
public:
    WallTime now() const override { return WallTime(); }
    SteadyTime steady_now() const override { return at_ += Slices::length; }
    Awaitable<void> sleep_until(SteadyTime) override { co_return; }

private:
    mutable SteadyTime at_;
};

std::string header(const WebReply& reply, const std::string& name) {
    for (const auto& [key, value] : reply.headers)
        if (key == name) return value;
    return {};
}

TEST_CASE("a page elsewhere cannot ask by its own name") {
    const config::Http own = at("127.0.0.1", {"Status.example.com"});
    for (const char* good :
         {"localhost", "LOCALHOST:9812", "127.0.0.1:9812", "[::1]:9812", "[::1]", "status.EXAMPLE.com:443"})
        CHECK_MESSAGE(may_ask_by(good, own), good);
    for (const char* bad : {"", "evil.example", "evil.example:9812", "localhost.evil.example", "10.0.0.1",
                            "127.0.0.1.evil.example"})
        CHECK_FALSE_MESSAGE(may_ask_by(bad, own), bad);
    CHECK(may_ask_by("10.0.0.1:9812", at("0.0.0.0", {"status"})));
    CHECK(may_ask_by("[2001:db8::1]:9812", at("::", {"status"})));
    CHECK_FALSE(may_ask_by("evil.example", at("0.0.0.0", {"status"})));
    CHECK(may_ask_by("", {config::ListenAtSocket{"/run/x.sock"}, {}}));

    SiteWorld world;
    CHECK(world.ask("/status.json", "GET", "", "evil.example").status == 421);
    CHECK(world.made == 0);
}

TEST_CASE("it only shows") {
    SiteWorld world;
    for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "TRACE"})
        CHECK(world.ask("/status.json", method).status == 405);
    CHECK(header(world.ask("/", "POST"), "Allow") == "GET, HEAD");
    CHECK(world.ask("/", "HEAD").status == 200);
    for (const char* nowhere :
         {"", "*", "/x", "/status.json/", "//", "/..", "/metrics/x", "http://localhost/"})
        CHECK_MESSAGE(world.ask(nowhere).status == 404, nowhere);
}

TEST_CASE("the status is what the command shows, and is sent again only when it has changed") {
    SiteWorld world;
    const WebReply first = world.ask("/status.json");
    CHECK(first.status == 200);
    CHECK(json::parse(*first.body) == json::value(to_json(world.snapshot)));
    const std::string etag = header(first, "ETag");
    world.loop.pass(1min);
    world.snapshot.taken = world.loop.now();
    const WebReply same = world.ask("/status.json", "GET", etag);
    CHECK(same.status == 304);
    CHECK(same.body->empty());
    CHECK(header(same, "ETag") == etag);
    world.loop.pass(1min);
    world.snapshot.mappings[0].on_hold = world.loop.now();
    const WebReply changed = world.ask("/status.json", "GET", etag);
    CHECK(changed.status == 200);
    CHECK(header(changed, "ETag") != etag);
}

TEST_CASE("however many ask, a snapshot is made once at a time, and rests ten times as long as it took") {
    SiteWorld world;
    world.takes = 200ms;
    int answered = 0;
    const auto ask = [&](const char* target) -> Awaitable<void> {
        WebRequest request;
        request.method = "GET";
        request.target = target;
        request.host = "localhost";
        const WebReply reply = co_await world.site.answer(request);
        if (reply.status == 200) ++answered;
    };
    for (const char* target : {"/status.json", "/metrics", "/status.json", "/metrics"})
        world.loop.spawn(ask(target));
    world.loop.pass(250ms);
    CHECK(answered == 4);
    CHECK(world.made == 1);
    world.ask("/status.json");
    world.loop.pass(1500ms);
    world.ask("/status.json");
    CHECK(world.made == 1);
    world.loop.pass(1s);
    world.ask("/status.json");
    CHECK(world.made == 2);
}

TEST_CASE("what cannot be told is told, and tried again") {
    SiteWorld world;
    world.broken = Error(Errc::journal_corrupt, "journal.db: damaged");
    const WebReply reply = world.ask("/metrics");
    CHECK(reply.status == 500);
    CHECK(reply.body->starts_with("journal.db: damaged"));
    world.broken.reset();
    CHECK(world.ask("/metrics").status == 200);
}

TEST_CASE("ready says why not, in lines or as JSON") {
    SiteWorld world;
    CHECK(world.ask("/healthz").status == 200);
    CHECK(world.ask("/readyz").status == 200);
    world.readiness.checks.push_back({"lineages", false, "0 of 3 were looked at"});
    const WebReply lines = world.ask("/readyz");
    CHECK(lines.status == 503);
    CHECK(*lines.body == "not ready\n[+] journal: can be read\n[-] lineages: 0 of 3 were looked at\n");
    const WebReply object = world.ask("/readyz", "GET", "", "localhost", "application/json");
    CHECK(object.status == 503);
    CHECK(json::parse(*object.body).at("ready") == json::value(false));
    CHECK(world.ask("/healthz").status == 200);
}

TEST_CASE("the history of a mapping, and of none that is not there") {
    SiteWorld world;
    CHECK(json::parse(*world.ask("/history.json?x=y&mapping=www").body).at("targets").as_array().size() == 1);
    CHECK(json::parse(*world.ask("/history.json?mapping=www").body) ==
          json::value(*history_json(world.journal, world.config, MappingName("www"), world.loop.now())));
    CHECK(world.ask("/history.json?mapping=other").status == 404);
    CHECK(world.ask("/history.json").status == 404);
}

TEST_CASE("a long history keeps nobody waiting until it is told") {
    SiteWorld world;
    const TickingClock ticking;
    SitePorts ports(world.loop.executor(), ticking, world.journal, world.tally);
    ports.config = [&]() -> const config::Config& { return world.config; };
    Site site(ports, at("127.0.0.1"));
    bool told = false;
    bool told_first = true;
    const auto ask = [&]() -> Awaitable<void> {
        WebRequest request;
        request.method = "GET";
        request.target = "/history.json?mapping=www";
        request.host = "localhost";
        const WebReply reply = co_await site.answer(request);
        told = reply.status == 200;
    };
    const auto look = [&]() -> Awaitable<void> {
        told_first = told;
        co_return;
    };
    world.loop.spawn(ask());
    world.loop.spawn(look());
    world.loop.settle();
    CHECK(told);
    CHECK_FALSE(told_first);
}

TEST_CASE("recent rotations, the last one first, with the time that each step took") {
    SiteWorld world;
    Rotation rotation;
    rotation.target = www;
    rotation.old_id = www.configured_id;
    rotation.bundle.fingerprint = Fingerprint(std::string(64, 'a'));
    rotation.began = world.loop.now();
    rotation = *world.journal.begin(rotation);
    rotation.stage = Stage::uploading;
    rotation.changed = rotation.began + 250ms;
    REQUIRE(world.journal.record(rotation, "an upload").has_value());
    world.loop.pass(2s);
    const json::value open = json::parse(*world.ask("/recent.json").body).at("rotations").at(0);
    CHECK(open.at("mapping") == json::value("www"));
    CHECK(open.at("over") == json::value(false));
    CHECK(open.at("seconds") == json::value(2.0));
    CHECK(open.at("steps").at(0).at("seconds") == json::value(0.25));
    CHECK(open.at("steps").at(1).at("seconds") == json::value(1.75));

    rotation.stage = Stage::superseded;
    rotation.changed = rotation.began + 1s;
    REQUIRE(world.journal.record(rotation, "a newer one").has_value());
    rotation.stage = Stage::planned;
    rotation.began += 1min;
    REQUIRE(world.journal.begin(rotation).has_value());
    rotation.target = {AccountName("default"), CertificateId("of nobody any more")};
    rotation.old_id = rotation.target.configured_id;
    REQUIRE(world.journal.begin(rotation).has_value());
    const json::value rotations = json::parse(*world.ask("/recent.json").body).at("rotations");
    REQUIRE(rotations.as_array().size() == 2);
    CHECK(rotations.at(0).at("state") == json::value("planned"));
    CHECK(rotations.at(1).at("seconds") == json::value(1.0));
    CHECK(rotations.at(1).at("steps").at(2).at("seconds") == json::value(0.0));
}

TEST_CASE("the page is whole, and its policy lets nothing else in") {
    SiteWorld world;
    const WebReply page = world.ask("/");
    CHECK(page.content_type == "text/html; charset=utf-8");
    CHECK(page.body->find("page.js") == std::string::npos);
    CHECK(page.body->find("page.css") == std::string::npos);
    const std::string policy = header(page, "Content-Security-Policy");
    CHECK(policy.starts_with("default-src 'none'; script-src 'sha256-"));
    CHECK(policy.find("unsafe") == std::string::npos);
    const WebReply same = world.ask("/", "GET", header(page, "ETag"));
    CHECK(same.status == 304);
    CHECK(header(same, "Content-Security-Policy") == policy);
}

}  // namespace
}  // namespace certferry
