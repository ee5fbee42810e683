// SPDX-License-Identifier: MIT
#pragma once

#include "base/async.hpp"
#include "base/result.hpp"
#include "bundle/bundle.hpp"
#include "config/model.hpp"

namespace certferry {

/// Port: the certificate that an endpoint serves now, learned by a TLS handshake with its name as SNI. The
/// certificate is not judged here, only read. Errors: unreachable.
class Prober {
public:
    virtual ~Prober() = default;

    virtual Awaitable<Result<CertificateFacts>> probe(const config::ProbeEndpoint& endpoint) = 0;
};

}  // namespace certferry
