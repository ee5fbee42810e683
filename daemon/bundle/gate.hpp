// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "bundle/bundle.hpp"
#include "config/model.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace certferry {

/// The roots that a mapping trusts.
class Trust {
public:
    /// Those of this machine (OpenSSL's default places).
    static Trust system();
    /// Those of a PEM text; `place` names it in messages. Errors: pem_invalid.
    static Result<Trust> roots(std::string_view pem, std::string_view place);
    /// Any issuer: private CAs, staging, tests.
    static Trust any();

    struct Store;
    /// Null for any().
    const Store* store() const { return store_.get(); }

private:
    explicit Trust(std::shared_ptr<const Store> store) : store_(std::move(store)) {}
    std::shared_ptr<const Store> store_;
};

/// Whether a rotation of a target to `bundle` may start. `deployed` is what the cloud holds now, as far as is
/// known. Each refusal is an Error of class refused with its own code: not_yet_valid, expired,
/// expires_too_soon (min_remaining), chain_incomplete (require_chain), issuer_untrusted (trust), names_lost
/// (allow_name_loss), older_than_deployed (allow_older), not_a_ca. In brackets: the key that overrides it.
/// "Older" means: expires earlier. A listener's certificate never goes to an earlier expiry by itself.
Result<void> gate(const Bundle& bundle, config::Kind kind, const config::Gate& rules, const Trust& trust,
                  const std::optional<CertificateFacts>& deployed, WallTime now);

}  // namespace certferry
