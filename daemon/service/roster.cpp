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
    by_lineage_.emplace(charge->index(), Entry{charge, std::nullopt});
    for (const Pursuit& pursuit : charge->pursuits) by_target_.emplace(pursuit.target().key, charge);
    reschedule(*charge);
    all_.push_back(std::move(charge));
}

std::shared_ptr<Charge> Roster::find(const MappingName& mapping) const {
    return found(by_mapping_, mapping);
}

std::shared_ptr<Charge> Roster::at(LineageIndex lineage) const {
    const auto known = by_lineage_.find(lineage);
    return known == by_lineage_.end() ? nullptr : known->second.charge;
}

std::shared_ptr<Charge> Roster::following(const TargetKey& target) const {
    return found(by_target_, target);
}

// An event in a directory that all lineages share hints at each of them: what stays is left alone.
void Roster::reschedule(const Charge& charge) {
    const LineageIndex lineage = charge.index();
    const auto known = by_lineage_.find(lineage);
    if (known == by_lineage_.end()) return;
    std::optional<SteadyTime>& scheduled = known->second.scheduled;
    if (scheduled == charge.due()) return;
    if (scheduled) agenda_.erase({*scheduled, lineage});
    scheduled = charge.due();
    if (scheduled) agenda_.emplace(*scheduled, lineage);
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

// From the end on: those are looked at last.
bool Roster::looked_at_all() const {
    return std::none_of(all_.rbegin(), all_.rend(), [](const auto& charge) { return charge->unlooked; });
}

}  // namespace certferry
