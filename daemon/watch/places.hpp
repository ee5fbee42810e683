// SPDX-License-Identifier: MIT
#pragma once

#include "base/files.hpp"
#include "config/model.hpp"

#include <vector>

namespace certferry {

/// Everywhere that the files of a lineage may be now, at least one place; whether there is anything is not
/// asked. Several for acme.sh, which has a directory for an RSA and one for an EC certificate of the same
/// name, and for Caddy, which has one for each issuer (reference: acme-clients §3). For issuers still to come
/// the first place has `any_name` in the place of their name: whoever watches it sees them come.
std::vector<config::CertificateFiles> places_of(const Files& files, const config::Lineage& lineage);

/// Every file of these places.
std::vector<std::filesystem::path> paths_of(const std::vector<config::CertificateFiles>& places);

}  // namespace certferry
