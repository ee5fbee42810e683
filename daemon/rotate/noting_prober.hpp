// SPDX-License-Identifier: MIT
#pragma once

#include "base/clock.hpp"
#include "rotate/prober.hpp"
#include "rotate/sightings.hpp"

namespace certferry {

/// A prober whose looks are remembered, whoever asked for them.
class NotingProber final : public Prober {
public:
    NotingProber(Prober& prober, const Clock& clock) : prober_(prober), clock_(clock) {}

    Awaitable<Result<CertificateFacts>> probe(const config::ProbeEndpoint& endpoint, Offer offer) override;

    const Sightings& sightings() const { return sightings_; }

private:
    Prober& prober_;
    const Clock& clock_;
    Sightings sightings_;
};

}  // namespace certferry
