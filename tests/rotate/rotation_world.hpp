// SPDX-License-Identifier: MIT
#pragma once

#include "bundle/found_bundle.hpp"
#include "rotate/rotate.hpp"
#include "support/memory_journal.hpp"
#include "support/recorded_log.hpp"
#include "support/recorded_meter.hpp"
#include "support/simulated_cloud.hpp"
#include "support/simulated_loop.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace certferry::tests {

/// What an endpoint serves, as a test sets it.
class SettableProber final : public Prober {
public:
    Awaitable<Result<CertificateFacts>> probe(const config::ProbeEndpoint&, Offer offer) override {
        if (unreachable) co_return Error(Errc::unreachable, "simulated: no route");
        if (offer == Offer::ecdsa && served_as_ecdsa) co_return *served_as_ecdsa;
        co_return served;
    }
    bool unreachable = false;
    CertificateFacts served;
    std::optional<CertificateFacts> served_as_ecdsa;  // where the endpoint has one of its own for that
};

/// 2026-11-24, as good a day as any.
constexpr WallTime today{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24}};

/// A certificate for www.example.com of the given generation: a month apart, valid for three.
inline Bundle bundle_of(int generation) {
    Bundle bundle;
    bundle.leaf.fingerprint = Fingerprint("generation" + std::to_string(generation) + std::string(50, 'f'));
    bundle.leaf.not_before =
        std::chrono::floor<std::chrono::seconds>(today) + std::chrono::days(generation - 30);
    bundle.leaf.not_after = bundle.leaf.not_before + std::chrono::days(90);
    bundle.leaf.names = {"www.example.com"};
    bundle.chain_pem = "chain " + std::to_string(generation);
    bundle.key_pem = Secret("key");
    return bundle;
}

/// The same, found on disk.
inline std::shared_ptr<const FoundBundle> found(const Bundle& bundle) {
    return std::make_shared<const FoundBundle>(KnownBundle{bundle.leaf, Seal()},
                                               [bundle](const Seal&) { return bundle; });
}

/// Whether a person insists on proving what is deployed.
enum class Anew { no, yes };

/// A target with id "4b9fc92b", bound to two listeners, and everything that a rotation of it needs.
struct RotationWorld {
    RotationWorld();

    RotationPorts ports() { return {cloud, journal, prober, loop, log, meter, turns, stopping}; }

    /// One attempt to bring the target to `bundle`, as a daemon that was just started makes it.
    Result<void> attempt(const Bundle& bundle, Anew anew = Anew::no);

    /// A rotation of another target of the mapping, "sibling1", to be written down by the test.
    Rotation of_sibling(const Bundle& bundle, Stage stage) const;

    /// What a late call asked for is carried out after a time.
    Awaitable<void> come_true_in(Duration delay);

    /// The certificate ids that the listeners have, in order.
    std::vector<std::string> bound_ids() const;
    std::vector<std::string> succession() const { return journal.ids(target.key); }

    /// How many times the journal has this state in the target's history.
    std::ptrdiff_t journal_states(std::string_view state);

    SimulatedLoop loop{today};
    SimulatedCloud cloud;
    MemoryJournal journal;
    SettableProber prober;
    RecordedLog log;
    RecordedMeter meter;
    Turns turns{loop.executor()};
    bool stopping = false;
    Target target;
};

}  // namespace certferry::tests
