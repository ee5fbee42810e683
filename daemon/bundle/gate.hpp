// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "bundle/bundle.hpp"
#include "bundle/trust.hpp"
#include "config/model.hpp"

#include <optional>

namespace certferry {

/// Whether a rotation of a target to `bundle` may start. `deployed` is what the cloud holds now, as far as is
/// known. Each refusal is an Error of class refused with its own code; the first of this order is given, from
/// what no configuration can cure to what is only relative to the deployed certificate. In brackets: the key
/// that overrides it.
///
///   1. not_a_ca             a client CA that may sign nothing
///   2. not_yet_valid, expired
///   3. expires_too_soon     less is left than (min_remaining)
///   4. chain_incomplete     the leaf stands alone, and no anchor issued it (require_chain)
///   5. issuer_untrusted     (trust)
///   6. names_lost           the deployed certificate serves names that this one does not (allow_name_loss)
///   7. older_than_deployed  it expires earlier than the deployed one (allow_older)
///
/// Of a client CA 4 to 6 are not asked: it is an anchor itself, and names mean nothing. Without require_chain
/// a server's issuer must still be trusted, so a missing intermediate is then issuer_untrusted; with trust
/// "any", where nothing is verified, 4 asks that the chain file held the leaf's issuer.
Result<void> gate(const Bundle& bundle, config::Kind kind, const config::Gate& rules, const Trust& trust,
                  const std::optional<CertificateFacts>& deployed, WallTime now);

}  // namespace certferry
