// SPDX-License-Identifier: MIT
#pragma once

#include "base/ids.hpp"
#include "base/result.hpp"
#include "bundle/bundle.hpp"

#include <optional>
#include <string>
#include <vector>

namespace certferry {

/// A certificate as the cloud's store lists it.
struct StoredCertificate {
    CertificateId id;
    std::string alias;
    /// From the PEM where the list has it. Otherwise without a fingerprint, and not_after is 0 when the list
    /// gives no date that can be read.
    CertificateFacts facts;
};

struct CertificatePage {
    std::size_t total = 0;
    std::vector<StoredCertificate> entries;
};

/// The one that is the certificate of `facts` under this alias: by fingerprint, or else by its names and its
/// end. A date is taken for China's time or for UTC, whichever fits.
std::optional<CertificateId> find_in(const CertificatePage& page, const std::string& alias,
                                     const CertificateFacts& facts);

/// What the list says of `id`. Errors: api_not_found, answer_malformed when it has no date that can be read.
Result<CertificateFacts> facts_in(const CertificatePage& page, const CertificateId& id);

/// Names as they are compared: in lower case, sorted, each once.
std::vector<std::string> comparable_names(std::vector<std::string> names);

}  // namespace certferry
