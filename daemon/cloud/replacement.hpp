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

bool has_mutual_tls(const BindingSet& bindings);

/// Whether some of the bindings have mutual TLS and they do not all have the same: mode, client verification
/// and CA. A call that has one mode for all would take it from some.
bool mixes_mutual_tls(const BindingSet& bindings);

/// The mutual TLS that every one of the bindings has. Nothing where they have none, or mix it.
std::optional<Binding> common_mutual_tls(const BindingSet& bindings);

/// The binding with the certificates beside it and the client CA that are at its place now: they may have
/// been replaced since it was read. Where there are none now, those of the binding stay.
Binding with_companions(Binding binding, const std::vector<CertificateId>& beside,
                        const std::string& client_ca);

/// The bindings of an id as they are `now`, with the TLS modes that those of the same places had in `before`.
BindingSet brought_up_to_date(const BindingSet& before, const BindingSet& now);

}  // namespace certferry
