// SPDX-License-Identifier: MIT
#include "report/metrics.hpp"

#include "report/metric_family.hpp"
#include "report/standing.hpp"
#include "support/manual_clock.hpp"
#include "support/run.hpp"

#include <doctest/doctest.h>

namespace certferry {
namespace {

using namespace std::chrono_literals;
using tests::ManualClock;

const WallTime noon{std::chrono::seconds(1764504000)};

MappingState www() {
    MappingState mapping;
    mapping.mapping = MappingName("www");
    TargetState target;
    target.target = {AccountName("default"), CertificateId("4b9fc92b")};
    mapping.targets.push_back(target);
    return mapping;
}

CertificateFacts certificate(char digit) {
    CertificateFacts facts;
    facts.fingerprint = Fingerprint(std::string(64, digit));
    facts.not_after = std::chrono::sys_seconds(std::chrono::seconds(1764590400));
    return facts;
}

std::string metrics_of(const Snapshot& snapshot, const Tally& tally = {}, const Vitals& vitals = {}) {
    const ManualClock clock(noon);
    Slices slices(clock);
    return tests::run(metrics_text(snapshot, tally, vitals, slices));
}

std::string metrics_of(MappingState mapping) {
    Snapshot snapshot;
    snapshot.mappings.push_back(std::move(mapping));
    return metrics_of(snapshot);
}

bool has(const std::string& text, const std::string& line) {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

TEST_CASE("a metric has its help and type once, and a line for each sample") {
    MetricFamily family("certferry_things", MetricType::gauge, "How many things.");
    CHECK(family.text().empty());
    family.sample({}, std::uint64_t{3});
    family.sample({{"kind", "big"}, {"size", "10"}}, 0.25);
    CHECK(family.text() ==
          "# HELP certferry_things How many things.\n# TYPE certferry_things gauge\n"
          "certferry_things 3\ncertferry_things{kind=\"big\",size=\"10\"} 0.25\n");
}

TEST_CASE("no label's value can break out of its quotes") {
    MetricFamily family("x", MetricType::gauge, "X.");
    family.sample({{"name", "a\"b\\c\nd"}}, std::uint64_t{1});
    CHECK(family.text().ends_with("x{name=\"a\\\"b\\\\c\\nd\"} 1\n"));
}

TEST_CASE("a time is in seconds") {
    MetricFamily family("t_seconds", MetricType::gauge, "T.");
    family.sample({}, noon + 250ms);
    CHECK(family.text().ends_with("t_seconds 1764504000.250\n"));
}

TEST_CASE("the buckets of a histogram hold what is below them, too") {
    Histogram histogram({100ms, 1s});
    for (const Duration took : {100ms, 200ms, 5000ms}) histogram.observe(took);
    MetricFamily family("d_seconds", MetricType::histogram, "D.");
    family.sample({{"a", "b"}}, histogram);
    CHECK(family.text().ends_with(
        "d_seconds_bucket{a=\"b\",le=\"0.1\"} 1\nd_seconds_bucket{a=\"b\",le=\"1\"} 2\n"
        "d_seconds_bucket{a=\"b\",le=\"+Inf\"} 3\nd_seconds_sum{a=\"b\"} 5.3\nd_seconds_count{a=\"b\"} 3\n"));
}

TEST_CASE("a target is in one state, and all states are counted") {
    MappingState mapping = www();
    CHECK(has(metrics_of(mapping), R"(certferry_targets{state="idle"} 1)"));
    mapping.targets[0].latest = Rotation();
    mapping.targets[0].latest->failures = 4;
    mapping.targets[0].latest->pause = Pause{PauseKind::waiting, "api_busy", "…", noon + 1min};
    const std::string waiting = metrics_of(mapping);
    const std::string labels = R"({mapping="www",account="default",old_cert_id="4b9fc92b")";
    CHECK(has(waiting, "certferry_target_state" + labels + R"(,state="waiting"} 1)"));
    CHECK_FALSE(has(waiting, "certferry_target_state" + labels + R"(,state="idle"} 1)"));
    CHECK(has(waiting, R"(certferry_targets{state="idle"} 0)"));
    CHECK(has(waiting, "certferry_target_consecutive_failures" + labels + "} 4"));
    CHECK(has(waiting, "certferry_target_next_attempt_timestamp_seconds" + labels + "} 1764504060.000"));
    mapping.on_hold = noon;
    CHECK(has(metrics_of(mapping), R"(certferry_targets{state="on_hold"} 1)"));
}

TEST_CASE("attempts that failed no longer count once their rotation is over") {
    MappingState mapping = www();
    mapping.targets[0].latest = Rotation();
    mapping.targets[0].latest->failures = 4;
    const std::string labels = R"({mapping="www",account="default",old_cert_id="4b9fc92b"} )";
    CHECK(has(metrics_of(mapping), "certferry_target_consecutive_failures" + labels + "4"));
    for (const Stage over : {Stage::done, Stage::superseded}) {
        mapping.targets[0].latest->stage = over;
        CHECK(has(metrics_of(mapping), "certferry_target_consecutive_failures" + labels + "0"));
    }
}

TEST_CASE("a renewal that is not deployed yet shows") {
    MappingState mapping = www();
    mapping.on_disk = certificate('b');
    CHECK(metrics_of(mapping).find("in_sync") == std::string::npos);
    mapping.targets[0].deployed.certificate = certificate('a');
    const std::string labels = R"({mapping="www",account="default",old_cert_id="4b9fc92b"} )";
    CHECK(has(metrics_of(mapping), "certferry_target_in_sync" + labels + "0"));
    CHECK(metrics_of(mapping).find("not_before") == std::string::npos);
    mapping.targets[0].deployed.certificate->not_before = std::chrono::floor<std::chrono::seconds>(noon);
    CHECK(has(metrics_of(mapping),
              "certferry_deployed_not_before_timestamp_seconds" + labels + "1764504000.000"));
    CHECK(
        has(metrics_of(mapping), R"(certferry_file_expiry_timestamp_seconds{mapping="www"} 1764590400.000)"));
    CHECK(
        has(metrics_of(mapping), "certferry_deployed_expiry_timestamp_seconds" + labels + "1764590400.000"));
    mapping.targets[0].deployed.certificate = certificate('b');
    CHECK(has(metrics_of(mapping), "certferry_target_in_sync" + labels + "1"));
}

TEST_CASE("what an endpoint served stays when it cannot be seen any more") {
    MappingState mapping = www();
    mapping.endpoints.push_back({"www.example.com:443", {}});
    CHECK(metrics_of(mapping).find("certferry_probe_success") == std::string::npos);
    Sightings sightings;
    sightings.note("www.example.com:443", noon, certificate('a'));
    sightings.note("www.example.com:443", noon + 1h, Error(Errc::unreachable, "no route"));
    mapping.endpoints[0].sighting = *sightings.find("www.example.com:443");
    const std::string labels = R"({mapping="www",endpoint="www.example.com:443"} )";
    CHECK(has(metrics_of(mapping), "certferry_served_expiry_timestamp_seconds" + labels + "1764590400.000"));
    CHECK(has(metrics_of(mapping), "certferry_served_seen_timestamp_seconds" + labels + "1764504000.000"));
    CHECK(has(metrics_of(mapping), "certferry_probe_success" + labels + "0"));
}

TEST_CASE("calls are counted by account, action and class, attempts by their outcome") {
    Tally tally;
    ApiExchange exchange{AccountName("default"), "ReplaceCert", std::nullopt, 80ms};
    tally.note(exchange);
    exchange.failure = Errc::api_throttled;
    tally.note(exchange);
    RotationAttempt attempt{AccountName("default"), Errc::key_mismatch, 1h};
    tally.note(attempt);
    attempt = {AccountName("default"), std::nullopt, 2s};
    tally.note(attempt);
    const std::string text = metrics_of(Snapshot(), tally);
    const std::string call = R"({account="default",action="ReplaceCert")";
    CHECK(has(text, "certferry_api_requests_total" + call + R"(,class="ok"} 1)"));
    CHECK(has(text, "certferry_api_requests_total" + call + R"(,class="throttled"} 1)"));
    CHECK(has(text, "certferry_api_request_duration_seconds_count" + call + "} 2"));
    CHECK(has(text, R"(certferry_rotation_attempts_total{account="default",outcome="key_mismatch"} 1)"));
    CHECK(has(text, R"(certferry_rotation_attempts_total{account="default",outcome="done"} 1)"));
    CHECK(has(text, R"(certferry_rotation_duration_seconds_count{account="default"} 1)"));
}

TEST_CASE("a refused reload, a full queue and a lack of watches show") {
    Snapshot snapshot;
    snapshot.daemon = DaemonState{"1.2.3", noon, noon, RefusedReload{noon, "line 3"}};
    snapshot.daemon->notifiers.push_back({NotifierName("ops"), 3, 1, noon, std::nullopt});
    Vitals vitals;
    vitals.polled_lineages = 2;
    vitals.accounts.push_back({AccountName("default"), 7, 8, true});
    const std::string text = metrics_of(snapshot, {}, vitals);
    CHECK(has(text, R"(certferry_build_info{version="1.2.3"} 1)"));
    CHECK(has(text, "certferry_config_last_reload_successful 0"));
    CHECK(has(text, "certferry_watch_polled_lineages 2"));
    CHECK(has(text, R"(certferry_notifications_total{notifier="ops",outcome="delivered"} 3)"));
    CHECK(has(text, R"(certferry_notifications_total{notifier="ops",outcome="failed"} 1)"));
    CHECK(has(text, R"(certferry_api_queue_length{account="default"} 7)"));
    CHECK(has(text, R"(certferry_api_requests_in_flight{account="default"} 8)"));
    CHECK(has(text, R"(certferry_api_down{account="default"} 1)"));
}

}  // namespace
}  // namespace certferry
