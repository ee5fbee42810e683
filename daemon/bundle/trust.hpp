// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.hpp"
#include "base/time.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace certferry {

/// How the verification of a chain came out.
struct TrustVerdict {
    bool trusted = false;
    bool issuer_missing = false;  // because the next issuer is neither in the chain nor an anchor
    std::string reason;           // for people: OpenSSL's words, and whose certificate it is about
};

/// The roots that a mapping trusts. Cheap to copy; copies are of one thread.
class Trust {
public:
    /// Those of this machine (OpenSSL's default places).
    static Trust system();
    /// Those of a PEM text; `place` names it in messages. An intermediate among them is an anchor as well.
    /// Errors: pem_invalid.
    static Result<Trust> roots(std::string_view pem, std::string_view place);
    /// Any issuer: private CAs, staging, tests.
    static Trust any();

    /// Nothing is ever verified.
    bool is_any() const { return store_ == nullptr; }

    /// Whether a TLS server may show this chain (PEM, leaf first) at the time `now`; any() says yes.
    TrustVerdict verify(std::string_view chain_pem, WallTime now) const;

private:
    struct Store;
    explicit Trust(std::shared_ptr<Store> store) : store_(std::move(store)) {}
    std::shared_ptr<Store> store_;  // with what was verified before
};

}  // namespace certferry
