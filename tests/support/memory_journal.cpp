// SPDX-License-Identifier: MIT
#include "support/memory_journal.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace certferry::tests {
namespace {

bool open(const Rotation& rotation) {
    return rotation.stage != Stage::done && rotation.stage != Stage::superseded;
}

Error conflict(std::string why) {
    return {Errc::journal_conflict, std::move(why)};
}

}  // namespace

Result<std::vector<TargetKey>> MemoryJournal::targets() {
    std::vector<TargetKey> found;
    for (const auto& [target, succession] : successions_) found.push_back(target);
    return found;
}

Result<Succession> MemoryJournal::succession(const TargetKey& target, WallTime now) {
    const auto known = successions_.find(target);
    if (known != successions_.end()) return known->second;
    return Succession{{{target.configured_id, std::nullopt, now, std::nullopt}}};
}

Result<SuccessionEntry> MemoryJournal::head(const TargetKey& target, WallTime now) {
    ++heads_asked;
    return succession(target, now)->head();
}

Result<void> MemoryJournal::learn_head(const TargetKey& target, const CertificateFacts& certificate) {
    if (auto failed = before_write("learn_head"); !failed) return failed;
    if (!successions_.contains(target)) return conflict("the target is not known");
    auto& known = successions_.at(target).entries.back().certificate;
    if (!known || known->fingerprint.empty()) known = certificate;
    return {};
}

Result<std::optional<Rotation>> MemoryJournal::open_rotation(const TargetKey& target) {
    const Rotation* const found = find_open(target);
    return found == nullptr ? std::optional<Rotation>() : std::optional(*found);
}

Result<Rotation> MemoryJournal::begin(Rotation rotation) {
    if (auto failed = before_write("begin"); !failed) return failed.error();
    const auto known = succession(rotation.target, rotation.began);
    if (known->head().id != rotation.old_id) return conflict("the old id is not the head");
    if (find_open(rotation.target) != nullptr) return conflict("the target has an open rotation");
    successions_.try_emplace(rotation.target, *known);
    rotation.number = static_cast<std::int64_t>(rotations_.size()) + 1;
    rotation.changed = rotation.began;
    rotations_.push_back(rotation);
    remember(rotation, "begun");
    return rotation;
}

Result<void> MemoryJournal::record(const Rotation& rotation, std::string_view detail) {
    if (auto failed = before_write(to_text(rotation.stage)); !failed) return failed;
    if (rotation.stage == Stage::done) return conflict("a rotation ends as done by conclude()");
    return keep(rotation, detail);
}

Result<void> MemoryJournal::conclude(const Rotation& rotation, std::string_view detail) {
    if (auto failed = before_write("done"); !failed) return failed;
    auto& entries = successions_.at(rotation.target).entries;
    if (entries.back().id != rotation.old_id || !rotation.new_id)
        return conflict(fmt::format("the head is {}, not {}: the succession would fork",
                                    entries.back().id.str(), rotation.old_id.str()));
    Rotation done = rotation;
    done.stage = Stage::done;
    if (auto kept = keep(done, detail); !kept) return kept;
    if (*rotation.new_id == rotation.old_id)
        entries.back().certificate = rotation.bundle;
    else
        entries.push_back({*rotation.new_id, rotation.bundle, rotation.changed, std::nullopt});
    return {};
}

Result<void> MemoryJournal::adopt(const Rotation& rotation, const SuccessionEntry& entry,
                                  std::string_view detail) {
    if (auto failed = before_write("adopt"); !failed) return failed;
    if (rotation.old_id != entry.id) return conflict("a rotation replaces the head that it adopts");
    if (auto kept = keep(rotation, detail); !kept) return kept;
    successions_.at(rotation.target).entries.push_back(entry);
    return {};
}

Result<void> MemoryJournal::take_head(const TargetKey& target, const SuccessionEntry& entry) {
    if (auto failed = before_write("take_head"); !failed) return failed;
    if (find_open(target) != nullptr) return conflict("the target has an open rotation");
    const auto known = succession(target, entry.since);
    successions_.try_emplace(target, *known).first->second.entries.push_back(entry);
    return {};
}

Result<void> MemoryJournal::retire(const TargetKey& target, const CertificateId& id, Retirement how) {
    if (auto failed = before_write(to_text(how)); !failed) return failed;
    auto& entries = successions_.at(target).entries;
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [&](const SuccessionEntry& entry) { return entry.id == id; });
    if (found == entries.end() || entries.back().id == id) return conflict("it is not a superseded id");
    for (SuccessionEntry& entry : entries)
        if (entry.id == id) entry.retired = how;
    return {};
}

Result<std::vector<Rotation>> MemoryJournal::rotations(const TargetKey& target, std::size_t limit) {
    std::vector<Rotation> found;
    for (auto at = rotations_.rbegin(); at != rotations_.rend() && found.size() < limit; ++at)
        if (at->target == target) found.push_back(*at);
    return found;
}

Result<std::optional<CertificateId>> MemoryJournal::uploaded(const AccountName& account,
                                                             const Fingerprint& bundle) {
    const auto last = std::find_if(rotations_.rbegin(), rotations_.rend(), [&](const Rotation& rotation) {
        return rotation.target.account == account && rotation.bundle.fingerprint == bundle &&
               rotation.uploaded && rotation.new_id;
    });
    return last == rotations_.rend() ? std::nullopt : last->new_id;
}

Result<std::vector<HistoryLine>> MemoryJournal::history(const TargetKey& target, std::size_t limit) {
    std::vector<HistoryLine> found;
    std::copy_if(history_.begin(), history_.end(), std::back_inserter(found),
                 [&](const HistoryLine& line) { return line.target == target; });
    const std::size_t left_out = found.size() - std::min(limit, found.size());
    found.erase(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(left_out));
    return found;
}

Result<std::vector<HistoryLine>> MemoryJournal::latest_history(std::size_t limit) {
    const auto count = static_cast<std::ptrdiff_t>(std::min(limit, history_.size()));
    return std::vector<HistoryLine>(history_.rbegin(), history_.rbegin() + count);
}

Result<void> MemoryJournal::hold(const MappingName& mapping, WallTime since) {
    if (auto failed = before_write("hold"); !failed) return failed;
    on_hold_.emplace(mapping, since);
    return {};
}

Result<void> MemoryJournal::release(const MappingName& mapping) {
    if (auto failed = before_write("release"); !failed) return failed;
    on_hold_.erase(mapping);
    return {};
}

Result<std::map<MappingName, WallTime>> MemoryJournal::on_hold() {
    return on_hold_;
}

Result<std::optional<KnownBundle>> MemoryJournal::known_bundle(const MappingName& mapping) {
    const auto known = bundles_.find(mapping);
    return known == bundles_.end() ? std::optional<KnownBundle>() : std::optional(known->second);
}

Result<void> MemoryJournal::know_bundles(const std::map<MappingName, KnownBundle>& bundles) {
    if (auto failed = before_write("bundles"); !failed) return failed;
    for (const auto& [mapping, bundle] : bundles) bundles_.insert_or_assign(mapping, bundle);
    return {};
}

Result<void> MemoryJournal::note_told(const NotifierName& notifier, const ToldByTarget& told) {
    if (auto failed = before_write("told"); !failed) return failed;
    for (const auto& [target, now] : told) told_[notifier][target] = now;
    return {};
}

Result<ToldByTarget> MemoryJournal::told(const NotifierName& notifier) {
    return told_[notifier];
}

std::vector<std::string> MemoryJournal::ids(const TargetKey& target) const {
    std::vector<std::string> ids;
    if (!successions_.contains(target)) return {target.configured_id.str()};
    for (const SuccessionEntry& entry : successions_.at(target).entries) ids.push_back(entry.id.str());
    return ids;
}

Rotation* MemoryJournal::find_open(const TargetKey& target) {
    const auto found = std::find_if(rotations_.begin(), rotations_.end(), [&](const Rotation& rotation) {
        return rotation.target == target && open(rotation);
    });
    return found == rotations_.end() ? nullptr : &*found;
}

Result<void> MemoryJournal::keep(const Rotation& rotation, std::string_view detail) {
    Rotation* const kept = find_open(rotation.target);
    if (kept == nullptr || kept->number != rotation.number) return conflict("the rotation is not open");
    const WallTime began = kept->began;
    *kept = rotation;
    kept->began = began;
    if (!open(rotation)) kept->pause.reset();
    remember(*kept, detail);
    return {};
}

void MemoryJournal::remember(const Rotation& rotation, std::string_view detail) {
    const auto state = rotation.pause ? to_text(rotation.pause->kind) : to_text(rotation.stage);
    history_.push_back(
        {rotation.number, rotation.target, rotation.changed, std::string(state), std::string(detail)});
}

}  // namespace certferry::tests
