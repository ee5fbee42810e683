// SPDX-License-Identifier: MIT
#pragma once

#include "report/condition.hpp"
#include "store/told.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace certferry {

enum class NoticeKind {
    failed,
    still_failing,  // a day after it was last told
    expiring,       // the deployed certificate nears its end
    recovered,
    rotated,
    trial,  // nothing has happened: somebody tries the notifier
};

/// "failed", "still_failing" …: stable, for machines.
std::string_view to_text(NoticeKind kind);

/// One thing that people are told of one target.
struct Notice {
    NoticeKind kind = NoticeKind::failed;
    MappingName mapping;
    TargetKey target;
    std::string reason;  // of a failure: the error's label, its sentence, and what happens next
    std::string why;
    std::string next;
    CertificateId replaced;  // of a rotation
    CertificateId deployed;
    std::optional<WallTime> valid_until;  // of what is deployed
};

/// How near its end a certificate is: 0 for not near; 1, 2 and 3 for a fifth, a tenth and a twentieth of its
/// life left; 4 when it is over. By fractions, since lives differ from 6 days to a year.
unsigned expiry_step(const CertificateFacts& certificate, WallTime now);

/// What is to be told now, and what will have been told then.
struct Decision {
    std::vector<Notice> notices;
    ToldByTarget told;  // of the targets where it differs from before
};

/// What a notifier that begins at `since` is taken to have told of those targets that it never told of: what
/// was rotated before, but of no failure, nor of a nearing end.
ToldByTarget first_acquaintance(const std::vector<TargetCondition>& targets, const ToldByTarget& told,
                                WallTime since);

/// Whether a target is unknown yet, or decide() would say anything of it, or note it.
bool differs(const TargetCondition& target, const ToldByTarget& told, WallTime now);

/// Compares how targets stand with what a notifier has told of them: only what differs is news. Of a target
/// that is unknown yet, nothing is. At most `most` notices; the others are news the next time.
Decision decide(const std::vector<TargetCondition>& targets, const ToldByTarget& told, WallTime now,
                std::size_t most);

}  // namespace certferry
