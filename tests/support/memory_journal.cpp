// SPDX-License-Identifier: MIT
#include "support/memory_journal.hpp"

#include <algorithm>

namespace certferry::tests {
namespace {

bool open(const Rotation& rotation) {
    return rotation.stage != Stage::done && rotation.stage != Stage::superseded;
}

Error conflict(const char* why) {
    return {Errc::journal_conflict, why};
}

}  // namespace

Result<Succession> MemoryJournal::succession(const TargetKey& target, WallTime now) {
    auto& known = successions_[target];
    if (known.entries.empty()) known.entries.push_back({target.configured_id, std::nullopt, now});
    return known;
}

Result<void> MemoryJournal::learn_head(const TargetKey& target, const CertificateFacts& certificate) {
    if (auto failed = before_write("learn_head"); !failed) return failed;
    successions_.at(target).entries.back().certificate = certificate;
    return {};
}

Result<std::optional<Rotation>> MemoryJournal::open_rotation(const TargetKey& target) {
    const Rotation* const found = find_open(target);
    return found == nullptr ? std::optional<Rotation>() : std::optional(*found);
}

Result<Rotation> MemoryJournal::begin(Rotation rotation) {
    if (auto failed = before_write("begin"); !failed) return failed.error();
    if (find_open(rotation.target) != nullptr) return conflict("the target has an open rotation");
    rotation.number = static_cast<std::int64_t>(rotations_.size()) + 1;
    rotations_.push_back(rotation);
    remember(rotation, "");
    return rotation;
}

Result<void> MemoryJournal::record(const Rotation& rotation, std::string_view detail) {
    if (auto failed = before_write(to_text(rotation.stage)); !failed) return failed;
    Rotation* const kept = find_open(rotation.target);
    if (kept == nullptr || kept->number != rotation.number) return conflict("the rotation is not open");
    *kept = rotation;
    remember(rotation, detail);
    return {};
}

Result<void> MemoryJournal::conclude(const Rotation& rotation, std::string_view detail) {
    auto& entries = successions_.at(rotation.target).entries;
    if (entries.back().id != rotation.old_id || !rotation.new_id)
        return conflict("the succession would fork");
    if (auto recorded = record(rotation, detail); !recorded) return recorded;
    if (*rotation.new_id == rotation.old_id)
        entries.back().certificate = rotation.bundle;
    else
        entries.push_back({*rotation.new_id, rotation.bundle, rotation.changed});
    return {};
}

Result<std::vector<Rotation>> MemoryJournal::rotations(const TargetKey& target, std::size_t limit) {
    std::vector<Rotation> found;
    for (auto at = rotations_.rbegin(); at != rotations_.rend() && found.size() < limit; ++at)
        if (at->target == target) found.push_back(*at);
    return found;
}

Result<std::vector<HistoryLine>> MemoryJournal::history(const TargetKey& target) {
    std::vector<HistoryLine> found;
    std::copy_if(history_.begin(), history_.end(), std::back_inserter(found),
                 [&](const HistoryLine& line) { return line.target == target; });
    return found;
}

std::vector<std::string> MemoryJournal::ids(const TargetKey& target) const {
    std::vector<std::string> ids;
    for (const SuccessionEntry& entry : successions_.at(target).entries) ids.push_back(entry.id.str());
    return ids;
}

Rotation* MemoryJournal::find_open(const TargetKey& target) {
    const auto found = std::find_if(rotations_.begin(), rotations_.end(), [&](const Rotation& rotation) {
        return rotation.target == target && open(rotation);
    });
    return found == rotations_.end() ? nullptr : &*found;
}

void MemoryJournal::remember(const Rotation& rotation, std::string_view detail) {
    const auto state = rotation.pause ? to_text(rotation.pause->kind) : to_text(rotation.stage);
    history_.push_back(
        {rotation.number, rotation.target, rotation.changed, std::string(state), std::string(detail)});
}

}  // namespace certferry::tests
