// SPDX-License-Identifier: MIT
#include "service/roster.hpp"

#include <algorithm>

namespace certferry {
namespace {

template <class Key>
std::shared_ptr<Charge> found(const std::map<Key, std::shared_ptr<Charge>>& charges, const Key& key) {
    const auto at = charges.find(key);
    return at == charges.end() ? nullptr : at->second;
}

}  // namespace

void Roster::add(std::shared_ptr<Charge> charge) {
    by_mapping_.emplace(charge->mapping().name, charge);
    by_lineage_.emplace(charge->index(), charge);
    for (const Pursuit& pursuit : charge->pursuits) by_target_.emplace(pursuit.target().key, charge);
    reschedule(*charge);
    all_.push_back(std::move(charge));
}

std::shared_ptr<Charge> Roster::find(const MappingName& mapping) const {
    return found(by_mapping_, mapping);
}

std::shared_ptr<Charge> Roster::at(LineageIndex lineage) const {
    return found(by_lineage_, lineage);
}

std::shared_ptr<Charge> Roster::following(const TargetKey& target) const {
    return found(by_target_, target);
}

void Roster::reschedule(const Charge& charge) {
    if (!holds(charge)) return;
    const LineageIndex lineage = charge.index();
    if (const auto before = scheduled_.find(lineage); before != scheduled_.end()) {
        agenda_.erase({before->second, lineage});
        scheduled_.erase(before);
    }
    if (const auto due = charge.due()) {
        agenda_.emplace(*due, lineage);
        scheduled_.emplace(lineage, *due);
    }
}

Charges Roster::due(SteadyTime now) const {
    Charges due;
    for (auto entry = agenda_.begin(); entry != agenda_.end() && entry->first <= now; ++entry)
        due.push_back(at(entry->second));
    return due;
}

std::optional<SteadyTime> Roster::next_due() const {
    if (agenda_.empty()) return std::nullopt;
    return agenda_.begin()->first;
}

std::size_t Roster::unlooked() const {
    return static_cast<std::size_t>(
        std::count_if(all_.begin(), all_.end(), [](const auto& charge) { return charge->unlooked; }));
}

}  // namespace certferry
