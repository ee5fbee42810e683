// SPDX-License-Identifier: MIT
#include "simulation/properties/properties.hpp"
#include "simulation/world.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace certferry::simulation {
namespace {

using namespace std::chrono_literals;

// Between looking and removing somebody may bind it again; the cloud then declines.
constexpr Duration leeway = 5min;

class RemovesItsOwn final : public Property {
public:
    RemovesItsOwn()
        : Property("removes_its_own",
                   "Only ids that certferry itself uploaded are ever retired, when they are "
                   "superseded and nothing is bound to them.") {}

    void call_sent(const World& world, const ChangingCall& call) override {
        if (call.kind != CallKind::mute && call.kind != CallKind::remove) return;
        const CertificateId& id = *call.new_id;
        const Account& account = world.accounts.at(call.account);
        const auto kept = account.certificates.find(id);
        if (kept != account.certificates.end() && !kept->second.by_certferry)
            broken(id.str() + " is retired, which somebody else uploaded");
        if (world.journal.known(*call.target).head().id == id)
            broken(id.str() + " is retired, and is the head");
        for (const auto& [place, seat] : account.seats)
            if (seat.id() == id && world.timeline.now() - seat.bound.back().since > leeway)
                broken(fmt::format("{} is retired, and bound at {}", id.str(), place.listener));
    }
};

}  // namespace

std::unique_ptr<Property> removes_its_own() {
    return std::make_unique<RemovesItsOwn>();
}

}  // namespace certferry::simulation
