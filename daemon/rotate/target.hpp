// SPDX-License-Identifier: MIT
#pragma once

#include "base/ids.hpp"
#include "config/model.hpp"

#include <vector>

namespace certferry {

/// Names a target for good: the id is the one in the TOML file, however long its succession has grown.
struct TargetKey {
    AccountName account;
    CertificateId configured_id;

    friend auto operator<=>(const TargetKey&, const TargetKey&) = default;
};

/// What is rotated: one (account, configured oldCertId) and the rules of its mapping.
struct Target {
    TargetKey key;
    MappingName mapping;
    std::vector<TargetKey> siblings;  // the mapping's other targets: its endpoints may be served by them
    config::Kind kind = config::Kind::server;
    config::Deliver deliver = config::Deliver::id;
    config::Gate gate;
    config::Verify verify;
    Backoff retry;
    std::optional<Duration> give_up;        // so long after a rotation began; never unless set
    std::optional<Duration> cleanup_after;  // so long after an id was superseded; never unless set
    Duration answer_timeout = std::chrono::seconds(30);  // of a call; what is lost may come true until then
};

}  // namespace certferry
