// SPDX-License-Identifier: MIT
#include "report/metrics.hpp"

#include "report/metric_family.hpp"
#include "report/standing.hpp"

#include <array>

namespace certferry {
namespace {

using enum MetricType;

std::uint64_t flag(bool value) {
    return value ? 1 : 0;
}

class DaemonFamilies {
public:
    void add(const DaemonState& daemon) {
        build_.sample({{"version", daemon.version}}, std::uint64_t{1});
        started_.sample({}, daemon.started);
        reload_.sample({}, flag(!daemon.refused));
        configured_.sample({}, daemon.configured);
        for (const NotifierState& notifier : daemon.notifiers) {
            const MetricLabel name{"notifier", notifier.name.str()};
            notified_.sample({name, {"outcome", "delivered"}}, std::uint64_t{notifier.delivered});
            notified_.sample({name, {"outcome", "failed"}}, std::uint64_t{notifier.failed});
        }
    }

    std::string text() const {
        std::string all;
        for (const MetricFamily* family : {&build_, &started_, &reload_, &configured_, &notified_})
            all += family->text();
        return all;
    }

private:
    MetricFamily build_{"certferry_build_info", gauge, "The version that runs."};
    MetricFamily started_{"certferry_started_timestamp_seconds", gauge, "When the daemon was started."};
    MetricFamily reload_{"certferry_config_last_reload_successful", gauge,
                         "Whether the configuration on disk was taken when it was last read."};
    MetricFamily configured_{"certferry_config_last_reload_success_timestamp_seconds", gauge,
                             "When the configuration in force was read."};
    MetricFamily notified_{"certferry_notifications_total", counter,
                           "Messages that a notifier has delivered, and attempts that failed."};
};

// From when on is not known of a certificate that the cloud did not describe well.
void add_validity(MetricFamily& until, MetricFamily& from, MetricLabels labels,
                  const CertificateFacts& certificate) {
    until.sample(labels, WallTime(certificate.not_after));
    if (certificate.not_before != std::chrono::sys_seconds())
        from.sample(labels, WallTime(certificate.not_before));
}

class MappingFamilies {
public:
    void add(const MappingState& mapping) {
        const std::string& name = mapping.mapping.str();
        if (mapping.on_disk) add_validity(file_, file_from_, {{"mapping", name}}, *mapping.on_disk);
        for (const EndpointState& endpoint : mapping.endpoints) add(name, endpoint);
        for (const TargetState& target : mapping.targets) add(mapping, target);
    }

    std::string text() const {
        MetricFamily targets("certferry_targets", gauge, "How many targets are in each state.");
        for (std::size_t at = 0; at < counts_.size(); ++at)
            targets.sample({{"state", standing_words.at(at)}}, counts_.at(at));
        std::string all(targets.text());
        for (const MetricFamily* family :
             {&state_, &failures_, &next_, &proven_, &in_sync_, &file_, &file_from_, &deployed_,
              &deployed_from_, &served_, &served_from_, &seen_, &success_})
            all += family->text();
        return all;
    }

private:
    void add(const std::string& mapping, const EndpointState& state) {
        const MetricLabels labels = {{"mapping", mapping}, {"endpoint", state.endpoint}};
        const Sighting& sighting = state.sighting;
        if (sighting.served) {
            add_validity(served_, served_from_, labels, *sighting.served);
            seen_.sample(labels, *sighting.seen);
        }
        if (sighting.served || sighting.failure) success_.sample(labels, flag(!sighting.failure));
    }

    void add(const MappingState& mapping, const TargetState& target) {
        const MetricLabel name{"mapping", mapping.mapping.str()};
        const MetricLabel account{"account", target.target.account.str()};
        const MetricLabel id{"old_cert_id", target.target.configured_id.str()};
        const Standing now = standing(mapping, target);
        ++counts_.at(static_cast<std::size_t>(now));
        state_.sample({name, account, id, {"state", to_text(now)}}, std::uint64_t{1});
        if (target.proven) proven_.sample({name, account, id}, *target.proven);
        const auto& deployed = target.deployed.certificate;
        if (deployed) add_validity(deployed_, deployed_from_, {name, account, id}, *deployed);
        if (deployed && mapping.on_disk)
            in_sync_.sample({name, account, id}, flag(deployed->fingerprint == mapping.on_disk->fingerprint));
        const unsigned failed = target.latest ? consecutive_failures(*target.latest) : 0;
        failures_.sample({name, account, id}, std::uint64_t{failed});
        if (now == Standing::waiting) next_.sample({name, account, id}, target.latest->pause->next_attempt);
    }

    std::array<std::uint64_t, standing_words.size()> counts_{};
    MetricFamily state_{"certferry_target_state", gauge,
                        "The state that the target is in; there is no sample for the others."};
    MetricFamily failures_{"certferry_target_consecutive_failures", gauge,
                           "How many attempts of the latest rotation have failed in a row."};
    MetricFamily next_{"certferry_target_next_attempt_timestamp_seconds", gauge,
                       "When a target that waits is tried again."};
    MetricFamily proven_{"certferry_target_last_proven_timestamp_seconds", gauge,
                         "When a rotation of the target was last done and proven."};
    MetricFamily in_sync_{"certferry_target_in_sync", gauge,
                          "Whether the deployed certificate is the one on disk."};
    MetricFamily file_{"certferry_file_expiry_timestamp_seconds", gauge,
                       "Until when the certificate on disk is valid."};
    MetricFamily file_from_{"certferry_file_not_before_timestamp_seconds", gauge,
                            "From when on the certificate on disk is valid."};
    MetricFamily deployed_{"certferry_deployed_expiry_timestamp_seconds", gauge,
                           "Until when the deployed certificate is valid."};
    MetricFamily deployed_from_{"certferry_deployed_not_before_timestamp_seconds", gauge,
                                "From when on the deployed certificate is valid."};
    MetricFamily served_{
        "certferry_served_expiry_timestamp_seconds", gauge,
        "Until when the certificate is valid that the endpoint served when it was last looked at."};
    MetricFamily served_from_{
        "certferry_served_not_before_timestamp_seconds", gauge,
        "From when on the certificate is valid that the endpoint served when it was last looked at."};
    MetricFamily seen_{"certferry_served_seen_timestamp_seconds", gauge,
                       "When the endpoint last served a certificate to the daemon."};
    MetricFamily success_{"certferry_probe_success", gauge,
                          "Whether the endpoint served a certificate when it was last looked at."};
};

std::string of_calls(const Tally& tally) {
    MetricFamily requests("certferry_api_requests_total", counter,
                          "Exchanges with the API, by what came of them: ok, or the class of the error.");
    MetricFamily took("certferry_api_request_duration_seconds", histogram,
                      "How long exchanges with the API took.");
    for (const auto& [key, calls] : tally.api()) {
        const MetricLabel account{"account", key.first.str()};
        const MetricLabel action{"action", key.second};
        for (const auto& [word, count] : calls.by_class)
            requests.sample({account, action, {"class", word}}, count);
        took.sample({account, action}, calls.took);
    }
    return std::string(requests.text()).append(took.text());
}

std::string of_rotations(const Tally& tally) {
    MetricFamily attempts("certferry_rotation_attempts_total", counter,
                          "Attempts at rotations, by what came of them: done, or the reason why not.");
    MetricFamily took("certferry_rotation_duration_seconds", histogram,
                      "How long rotations took that were done, from the plan to the proof.");
    for (const auto& [account, rotations] : tally.rotations()) {
        for (const auto& [outcome, count] : rotations.by_outcome)
            attempts.sample({{"account", account.str()}, {"outcome", outcome}}, count);
        took.sample({{"account", account.str()}}, rotations.took);
    }
    return std::string(attempts.text()).append(took.text());
}

std::string of_accounts(const Vitals& vitals) {
    MetricFamily waiting("certferry_api_queue_length", gauge, "Calls that wait for their turn.");
    MetricFamily under_way("certferry_api_requests_in_flight", gauge, "Calls that are under way.");
    MetricFamily down("certferry_api_down", gauge,
                      "Whether the API counts as down, and is left alone for a while.");
    for (const AccountTraffic& traffic : vitals.accounts) {
        const MetricLabels labels = {{"account", traffic.account.str()}};
        waiting.sample(labels, std::uint64_t{traffic.waiting});
        under_way.sample(labels, std::uint64_t{traffic.under_way});
        down.sample(labels, flag(traffic.down));
    }
    return std::string(waiting.text()).append(under_way.text()).append(down.text());
}

std::string single(std::string_view name, MetricType type, std::string_view help, std::uint64_t value) {
    MetricFamily family(name, type, help);
    family.sample({}, value);
    return std::string(family.text());
}

std::string of_machine(const Vitals& vitals) {
    return single("certferry_watch_directories", gauge, "Directories that are watched.",
                  vitals.watched_directories) +
           single("certferry_watch_polled_lineages", gauge,
                  "Lineages that are looked at regularly, for want of a watch.", vitals.polled_lineages) +
           single("certferry_watch_wakeups_total", counter, "How often the watch woke the daemon.",
                  vitals.watch_wakeups) +
           single("certferry_watch_overflows_total", counter,
                  "How often so much changed on disk that events were lost, and everything was looked at.",
                  vitals.watch_overflows) +
           single("certferry_log_lines_dropped_total", counter, "Log lines that nobody took in time.",
                  vitals.dropped_log_lines);
}

}  // namespace

Awaitable<std::string> metrics_text(const Snapshot& snapshot, const Tally& tally, const Vitals& vitals,
                                    Slices& slices) {
    DaemonFamilies daemon;
    if (snapshot.daemon) daemon.add(*snapshot.daemon);
    MappingFamilies mappings;
    for (const MappingState& mapping : snapshot.mappings) {
        mappings.add(mapping);
        co_await slices.breathe();
    }
    co_return daemon.text() + mappings.text() + of_rotations(tally) + of_calls(tally) + of_accounts(vitals) +
        of_machine(vitals);
}

}  // namespace certferry
