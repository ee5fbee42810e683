// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "bundle/found_bundle.hpp"
#include "rotate/rotation.hpp"
#include "rotate/succession.hpp"
#include "rotate/target.hpp"
#include "store/told.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace certferry {

/// One line of a rotation's history: a stage reached, or a pause.
struct HistoryLine {
    std::int64_t rotation = 0;
    TargetKey target;
    WallTime at;
    std::string state;   // a stage or a pause kind
    std::string detail;  // ids, RequestId, reason: one line for people
};

/// Port: the durable record of successions and rotations. Each method is one transaction, on disk when it
/// returns. Errors: journal_unwritable (nothing changed; the caller must not go on to a call that changes
/// something), journal_corrupt, and journal_conflict (nothing changed: the journal does not stand where the
/// caller believes, so another writer was there first; read it again). No private key is ever given to it.
class Journal {
public:
    virtual ~Journal() = default;

    /// Every target that the journal knows, those that no mapping has any more too.
    virtual Result<std::vector<TargetKey>> targets() = 0;

    /// The succession of a target; of one that is new to the journal: its configured id alone, since `now`.
    /// Nothing is written: a target becomes known when there is something to know of it.
    virtual Result<Succession> succession(const TargetKey& target, WallTime now) = 0;

    /// Its head, which costs the same however long the succession is.
    virtual Result<SuccessionEntry> head(const TargetKey& target, WallTime now) = 0;

    /// What the head's certificate turned out to be, when the journal did not know. Facts with a fingerprint
    /// stay as they are; those without one give way to better ones.
    virtual Result<void> learn_head(const TargetKey& target, const CertificateFacts& certificate) = 0;

    /// The target's rotation that is neither done nor superseded, if any. There is never more than one.
    virtual Result<std::optional<Rotation>> open_rotation(const TargetKey& target) = 0;

    /// Begins a rotation: gives it its number, and writes it down with its first history line, as of `began`.
    /// A target that is new to the journal becomes known. journal_conflict: the target has an open rotation,
    /// or `old_id` is not the succession's head.
    virtual Result<Rotation> begin(Rotation rotation) = 0;

    /// Writes down where an open rotation stands now, and a history line of it, as of `changed`. `detail` is
    /// for people. Its number, target and `began` never change; a superseded one is no longer paused.
    /// journal_conflict: the rotation is not open, or is to be done, which is for conclude().
    virtual Result<void> record(const Rotation& rotation, std::string_view detail) = 0;

    /// Ends a rotation as done, as of `changed`: the rotation, its last history line and the succession's new
    /// head, in one. Where `new_id` is `old_id`, the bundle was there already: the succession does not grow,
    /// but learns its head. journal_conflict: the rotation is not open or has no `new_id`, or `old_id` is not
    /// the head: the succession would fork.
    virtual Result<void> conclude(const Rotation& rotation, std::string_view detail) = 0;

    /// Follows a change that somebody else made: the succession's new head is `entry`, and the open rotation,
    /// with what else has changed of it, replaces that. As of `changed`. journal_conflict: as record(), or
    /// the rotation's `old_id` is not that entry.
    virtual Result<void> adopt(const Rotation& rotation, const SuccessionEntry& entry,
                               std::string_view detail) = 0;

    /// Takes a head that a person states: the succession grows by `entry`. A target that is new to the
    /// journal becomes known. journal_conflict: the target has an open rotation.
    virtual Result<void> take_head(const TargetKey& target, const SuccessionEntry& entry) = 0;

    /// Writes down how far a superseded id was retired in the cloud. journal_conflict: it is the head, or not
    /// in the succession.
    virtual Result<void> retire(const TargetKey& target, const CertificateId& id, Retirement how) = 0;

    /// The last `limit` rotations of a target, newest first, whatever their stage.
    virtual Result<std::vector<Rotation>> rotations(const TargetKey& target, std::size_t limit) = 0;

    /// The id under which a bundle was last uploaded to an account, for whichever target.
    virtual Result<std::optional<CertificateId>> uploaded(const AccountName& account,
                                                          const Fingerprint& bundle) = 0;

    /// The last `limit` history lines of a target, oldest first.
    virtual Result<std::vector<HistoryLine>> history(const TargetKey& target, std::size_t limit) = 0;

    /// The last `limit` history lines of all targets, newest first.
    virtual Result<std::vector<HistoryLine>> latest_history(std::size_t limit) = 0;

    /// Writes down that a person wants no rotations of a mapping, as of `since`, or wants them again. Saying
    /// it twice changes nothing.
    virtual Result<void> hold(const MappingName& mapping, WallTime since) = 0;
    virtual Result<void> release(const MappingName& mapping) = 0;

    /// The mappings that are held so, and since when.
    virtual Result<std::map<MappingName, WallTime>> on_hold() = 0;

    /// What a mapping's lineage held when it was last judged good, as far as that was written down.
    virtual Result<std::optional<KnownBundle>> known_bundle(const MappingName& mapping) = 0;

    /// Writes that down of these mappings, in the place of what was known of them before.
    virtual Result<void> know_bundles(const std::map<MappingName, KnownBundle>& bundles) = 0;

    /// Writes down what a notifier has told of these targets, in the place of what it had told of them
    /// before.
    virtual Result<void> note_told(const NotifierName& notifier, const ToldByTarget& told) = 0;

    /// What a notifier has told; of targets that are not in it, nothing yet.
    virtual Result<ToldByTarget> told(const NotifierName& notifier) = 0;
};

}  // namespace certferry
