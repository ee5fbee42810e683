// SPDX-License-Identifier: MIT
#pragma once

#include "base/async.hpp"
#include "base/result.hpp"
#include "bundle/bundle.hpp"
#include "config/model.hpp"

namespace certferry {

/// Which keys a handshake says that it can deal with: a listener with an RSA and an ECC certificate serves
/// whichever fits.
enum class Offer { anything, rsa, ecdsa };

/// Port: the certificate that an endpoint serves now, learned by a TLS handshake with its name as SNI. The
/// certificate is not judged here, only read. Errors: unreachable, also when nothing served fits the offer.
class Prober {
public:
    virtual ~Prober() = default;

    virtual Awaitable<Result<CertificateFacts>> probe(const config::ProbeEndpoint& endpoint, Offer offer) = 0;
};

}  // namespace certferry
