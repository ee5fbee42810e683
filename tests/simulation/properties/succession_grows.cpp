// SPDX-License-Identifier: MIT
#include "simulation/properties/properties.hpp"
#include "simulation/world.hpp"

#include <algorithm>
#include <map>

namespace certferry::simulation {
namespace {

class SuccessionGrows final : public Property {
public:
    SuccessionGrows()
        : Property("succession_grows",
                   "The succession never forks and never forgets: it begins with the "
                   "configured id and only ever grows, by one id at a time, at its end.") {}

    void committed(const World& world, const Commit& commit) override {
        if (commit.target == TargetKey()) return;
        const Succession now = world.journal.known(commit.target);
        std::vector<CertificateId>& before = known_[commit.target];
        if (before.empty()) before.push_back(commit.target.configured_id);
        const auto& entries = now.entries;
        if (entries.size() < before.size() || entries.size() > before.size() + 1)
            broken("the succession is not one longer, nor as it was");
        if (!std::equal(before.begin(), before.end(), entries.begin(),
                        [](const CertificateId& id, const auto& entry) { return id == entry.id; }))
            broken("the succession has forgotten an id");
        if (entries.size() > before.size()) before.push_back(now.head().id);
    }

    void commit_refused(const World&, const Error& refusal) override {
        if (refusal.code() == Errc::journal_conflict) broken("the journal declines: " + refusal.message());
    }

private:
    std::map<TargetKey, std::vector<CertificateId>> known_;
};

}  // namespace

std::unique_ptr<Property> succession_grows() {
    return std::make_unique<SuccessionGrows>();
}

}  // namespace certferry::simulation
