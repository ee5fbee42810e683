// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "config/model.hpp"
#include "rotate/rotation.hpp"
#include "rotate/sightings.hpp"
#include "rotate/succession.hpp"
#include "store/journal.hpp"

#include <optional>
#include <string>
#include <vector>

namespace certferry {

/// Where one target stands, as the journal has it.
struct TargetState {
    TargetKey target;
    SuccessionEntry deployed;        // the head of its succession
    std::optional<Rotation> latest;  // rotation, whatever its stage
    std::optional<WallTime> proven;  // when a rotation was last done
};

/// An endpoint of a mapping, and what it served when it was last looked at.
struct EndpointState {
    std::string endpoint;
    Sighting sighting;  // empty where nobody has looked yet
};

/// Where one mapping stands. What is on disk, and what is served, is known to a running daemon only.
struct MappingState {
    MappingName mapping;
    std::string certificate;                  // as the configuration has it
    std::optional<CertificateFacts> on_disk;  // the usable bundle that was last seen there
    std::optional<Error> trouble;             // why the last look found none
    bool trouble_lasts = false;               // for longer than an ACME client takes to write
    bool unlooked = false;                    // since the start or reload nothing has looked there yet
    std::optional<WallTime> on_hold;          // since when, by a person
    std::vector<EndpointState> endpoints;
    std::vector<TargetState> targets;
};

/// A reload that was refused: the configuration before it is still in force.
struct RefusedReload {
    WallTime at;
    std::string why;  // a line for each problem
};

/// How a notifier fares.
struct NotifierState {
    NotifierName name;
    std::size_t delivered = 0;  // messages, since the start
    std::size_t failed = 0;     // attempts, since the start
    std::optional<WallTime> last_delivery;
    std::optional<Error> failure;  // of the last attempt; none after one that was delivered
};

/// A running daemon.
struct DaemonState {
    std::string version;
    WallTime started;
    WallTime configured;                   // when the configuration in force was loaded
    std::optional<RefusedReload> refused;  // since then
    std::vector<NotifierState> notifiers = {};
};

/// The state of everything at one moment, as plain values: what the commands, the status page and the metrics
/// tell.
struct Snapshot {
    WallTime taken;
    std::optional<DaemonState> daemon;  // none where only the journal was read
    std::vector<MappingState> mappings;
};

/// What the journal knows of one mapping. Errors: those of the journal.
Result<MappingState> mapping_state(Journal& journal, const config::Mapping& mapping, WallTime now);

/// What the journal knows of all mappings, or of `only` one. Errors: those of the journal.
Result<Snapshot> journal_snapshot(Journal& journal, const config::Config& config,
                                  const std::optional<MappingName>& only, WallTime now);

}  // namespace certferry
