// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/cloud.hpp"

namespace certferry {

/// What a certificate of this kind is called, with both generations of the API: "SVR" or "CA".
std::string_view certificate_type(config::Kind kind);

/// A replacement by the same id is never sent. What the API would make of it is not documented.
std::optional<Error> replaces_itself(const CertificateId& old_id, const Replacement& replacement);

/// Whether what is replaced is the CA of mutual TLS: the new contents say so, or else where the old id is
/// bound.
bool replaces_client_ca(const Replacement& replacement, const BindingSet& bindings);

/// The mutual TLS that every one of the bindings has, and all the same: mode, client verification and CA.
/// Nothing where they have none, or differ.
std::optional<Binding> common_mutual_tls(const BindingSet& bindings);

}  // namespace certferry
