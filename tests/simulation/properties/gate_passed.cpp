// SPDX-License-Identifier: MIT
#include "simulation/properties/properties.hpp"
#include "simulation/world.hpp"

#include <fmt/format.h>

namespace certferry::simulation {
namespace {

using namespace std::chrono_literals;

// Between the gate and the call others may have their turn, and the clock may be set.
constexpr Duration leeway = 5min;

class GatePassed final : public Property {
public:
    GatePassed()
        : Property("gate_passed",
                   "Nothing is sent that failed the gate: key and chain belong together, it is "
                   "valid now, of a trusted issuer, for all names, and not older than what is "
                   "deployed.") {}

    void call_sent(const World& world, const ChangingCall& call) override {
        if (call.contents) check_pair(*call.contents);
        if (call.kind != CallKind::upload && call.kind != CallKind::replace) return;
        if (!call.rotation || call.rotation->going_back()) return;
        const Issued* const issued = world.certificates.find(call.rotation->bundle.fingerprint);
        if (issued == nullptr || !issued->acceptable)
            broken(fmt::format("{} is sent, which is not acceptable", issued ? issued->name : "?"));
        check_age(world, call, *issued);
        const bool clock_was_set = world.clock_set && world.timeline.now() - *world.clock_set < leeway;
        const WallTime now = world.wall_clock();
        if (!clock_was_set && (now < issued->facts.not_before || now >= issued->facts.not_after + leeway))
            broken(fmt::format("{} is sent at {}, when it is not valid", issued->name, to_utc(now)));
    }

private:
    void check_pair(const Upload& sent) const {
        const auto pair = make_server_bundle(sent.chain_pem, "sent", sent.key_pem, "sent");
        if (!pair) broken("what is sent is no pair: " + describe(pair.error()));
        if (pair->leaf.fingerprint != sent.certificate.fingerprint) broken("another pair is sent than said");
    }

    void check_age(const World& world, const ChangingCall& call, const Issued& issued) const {
        const Succession succession = world.journal.known(*call.target);
        const auto& deployed = succession.head().certificate;
        if (deployed && issued.facts.not_after < deployed->not_after)
            broken(fmt::format("{} is sent, which expires before the deployed {}", issued.name,
                               world.certificates.name_of(deployed->fingerprint)));
    }
};

}  // namespace

std::unique_ptr<Property> gate_passed() {
    return std::make_unique<GatePassed>();
}

}  // namespace certferry::simulation
