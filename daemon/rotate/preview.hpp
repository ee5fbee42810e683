// SPDX-License-Identifier: MIT
#pragma once

#include "bundle/found_bundle.hpp"
#include "rotate/rotate.hpp"

#include <optional>
#include <string>

namespace certferry {

/// What would be done for a target now, and whom it would touch.
struct Preview {
    CertificateId head;            // the id to name as old
    std::string step;              // "nothing: …", "replace …", "go on …", "look …", in a phrase
    std::optional<Error> refusal;  // by the gate, which keeps it from being done
    BindingSet bindings;           // the load balancers that the head serves
};

/// Looks, and changes nothing. `bundle` is what is on disk; null for nothing usable. Errors: those of the
/// journal, of the calls that look, and of FoundBundle::contents().
Awaitable<Result<Preview>> preview(RotationPorts& ports, const Target& target, const FoundBundle* bundle,
                                   const Trust& trust);

}  // namespace certferry
