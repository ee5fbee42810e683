// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "config/model.hpp"
#include "rotate/rotation.hpp"
#include "rotate/succession.hpp"
#include "store/journal.hpp"

#include <optional>
#include <string>
#include <vector>

namespace certferry::client {

/// Where one target stands, as the journal has it.
struct Standing {
    MappingName mapping;
    TargetKey target;
    Succession succession;
    std::optional<Rotation> latest;  // rotation, whatever its stage
    std::vector<HistoryLine> history;
};

/// Errors: config_invalid when no mapping has the name `only`.
Result<void> check_known(const config::Config& config, const std::optional<MappingName>& only);

/// The standing of every target of the configuration, or of one mapping's. Errors: those of the journal.
Result<std::vector<Standing>> standings(Journal& journal, const config::Config& config,
                                        const std::optional<MappingName>& only, WallTime now);

/// What the target is doing, in one phrase: "deployed and proven …", "waiting until …: why", "held: why".
std::string phrase(const Standing& standing);

/// For people: one line a target.
std::string status_table(const std::vector<Standing>& standings);
/// For machines; its "version" is 1.
std::string status_json(const std::vector<Standing>& standings);

}  // namespace certferry::client
