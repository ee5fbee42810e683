// SPDX-License-Identifier: MIT
#include "rotate/noting_prober.hpp"

#include "config/forms.hpp"

namespace certferry {

Awaitable<Result<CertificateFacts>> NotingProber::probe(const config::ProbeEndpoint& endpoint, Offer offer) {
    const std::string name = config::host_and_port(endpoint);
    Result<CertificateFacts> seen = co_await prober_.probe(endpoint, offer);
    sightings_.note(name, clock_.now(), seen);
    co_return seen;
}

}  // namespace certferry
