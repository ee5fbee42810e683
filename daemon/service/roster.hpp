// SPDX-License-Identifier: MIT
#pragma once

#include "service/charge.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace certferry {

using Charges = std::vector<std::shared_ptr<Charge>>;

/// The charges of one configuration, in its order; found by mapping, by lineage, by target, and by when they
/// are due for a look. Null for what is none of them.
class Roster {
public:
    void add(std::shared_ptr<Charge> charge);

    const Charges& all() const { return all_; }
    bool holds(const Charge& charge) const { return at(charge.index()).get() == &charge; }
    std::shared_ptr<Charge> find(const MappingName& mapping) const;
    std::shared_ptr<Charge> at(LineageIndex lineage) const;
    std::shared_ptr<Charge> following(const TargetKey& target) const;

    /// To be called when a charge's due() may have changed. Does nothing for one of another configuration.
    void reschedule(const Charge& charge);
    /// Those that are due now, the longest due first, then in the order of the configuration.
    Charges due(SteadyTime now) const;
    /// When the next one is due.
    std::optional<SteadyTime> next_due() const;
    /// How many mappings nothing has looked at yet.
    std::size_t unlooked() const;
    bool looked_at_all() const;

private:
    struct Entry {
        std::shared_ptr<Charge> charge;
        std::optional<SteadyTime> scheduled;  // what agenda_ has of it
    };

    Charges all_;
    std::map<MappingName, std::shared_ptr<Charge>> by_mapping_;
    std::unordered_map<LineageIndex, Entry> by_lineage_;
    std::map<TargetKey, std::shared_ptr<Charge>> by_target_;
    std::set<std::pair<SteadyTime, LineageIndex>> agenda_;
};

}  // namespace certferry
