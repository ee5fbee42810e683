// SPDX-License-Identifier: MIT
#pragma once

#include "base/asio_names.hpp"
#include "base/time.hpp"
#include "rotate/prober.hpp"

namespace certferry {

/// The prober over the network: TCP to the first address that accepts, then a TLS handshake that verifies
/// nothing and takes any strength, since the certificate is only read. No SNI where the host is an IP address
/// (RFC 6066 §3). An endpoint that breaks off because it wants a certificate of the client, as a listener
/// with mutual TLS may, has shown its own by then.
class TlsProbe final : public Prober {
public:
    /// `timeout` is for a whole probe: resolving, connecting and the handshake.
    explicit TlsProbe(AsioNames& names, Duration timeout = std::chrono::seconds(10))
        : names_(names), timeout_(timeout) {}

    /// Errors: unreachable; interrupted when the awaiting coroutine is cancelled.
    Awaitable<Result<CertificateFacts>> probe(const config::ProbeEndpoint& endpoint, Offer offer) override;

private:
    AsioNames& names_;
    Duration timeout_;
};

}  // namespace certferry
