// SPDX-License-Identifier: MIT
#include "simulation/convergence.hpp"

#include "simulation/world.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace certferry::simulation {
namespace {

bool has_others_in_account(const config::Mapping& mapping, const config::Target& target) {
    return std::count_if(mapping.targets.begin(), mapping.targets.end(),
                         [&](const config::Target& other) { return other.account == target.account; }) > 1;
}

std::optional<std::string> missing_at(const World& world, const TargetKey& target, const Issued& wanted,
                                      bool shares_id) {
    const Account& account = world.accounts.at(target.account);
    std::vector<const Seat*> seats = world.seats_of(target);
    std::erase_if(seats, [](const Seat* seat) { return seat->taken.has_value(); });
    if (seats.empty()) return std::nullopt;
    for (const Seat* const seat : seats) {
        const auto kept = account.certificates.find(seat->id());
        const bool there = kept != account.certificates.end() &&
                           kept->second.upload.certificate.fingerprint == wanted.facts.fingerprint;
        if (!there)
            return fmt::format("{}: {} has {}, not {}", target.configured_id.str(),
                               seat->binding.place.listener,
                               seat->id().empty() ? "no certificate" : seat->id().str(), wanted.name);
    }
    // Without a listener of its own, it has nothing to replace as soon as another target of the same id was
    // faster with those that were added.
    const auto added = [](const Seat* seat) { return seat->added; };
    if (shares_id && std::all_of(seats.begin(), seats.end(), added)) return std::nullopt;
    if (const auto open = world.journal.open(target))
        return fmt::format("{}: its rotation is {}{}", target.configured_id.str(), to_text(open->stage),
                           open->pause ? ", " + open->pause->detail : "");
    const Succession succession = world.journal.known(target);
    const auto& head = succession.head().certificate;
    if (!head || head->fingerprint != wanted.facts.fingerprint)
        return fmt::format("{}: the head is not {}", target.configured_id.str(), wanted.name);
    return std::nullopt;
}

}  // namespace

std::optional<std::string> missing_to_converge(const World& world) {
    for (const config::Mapping& mapping : world.config.mappings) {
        // An endpoint proves all targets of its mapping, and none of them without the account behind it.
        if (world.lost_cause && world.is_proven_at(mapping, *world.lost_cause)) continue;
        for (const config::Target& target : mapping.targets) {
            if (target.account == world.lost_cause) continue;
            const Issued& wanted = world.client_of(mapping.name).written();
            const TargetKey key{target.account, target.old_cert_id};
            if (auto missing = missing_at(world, key, wanted, has_others_in_account(mapping, target)))
                return missing;
        }
    }
    return std::nullopt;
}

}  // namespace certferry::simulation
