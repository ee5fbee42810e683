// SPDX-License-Identifier: MIT
#pragma once

#include "report/snapshot.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace certferry {

enum class Condition {
    well,       // nothing keeps it from being as it should
    undecided,  // on its way, or failing for a short time only
    failing,
};

/// A failure that may pass is one only after this time.
inline constexpr Duration patience = std::chrono::minutes(30);

/// How one target stands, for those who are to be told of it.
struct TargetCondition {
    MappingName mapping;
    TargetKey target;
    Condition condition = Condition::undecided;
    std::string trouble;     // of failing: which failure it is; another one is news
    std::string reason;      // its label,
    std::string why;         // its sentence,
    std::string next;        // and what happens next
    std::int64_t done = 0;   // the latest rotation, if it is done,
    WallTime done_at;        // and since when
    WallTime told_since;     // what was done before is no news to whom it was never told
    CertificateId replaced;  // the id that it replaced
    CertificateId deployed;
    std::optional<CertificateFacts> certificate;  // the deployed one, as far as it is known
    std::optional<WallTime> failing_from;         // of undecided: when time alone makes it that
};

/// What a person holds fails for nobody: that person knows.
TargetCondition condition_of(const MappingState& mapping, const TargetState& target, WallTime now);

}  // namespace certferry
