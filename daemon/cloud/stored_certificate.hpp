// SPDX-License-Identifier: MIT
#pragma once

#include "base/ids.hpp"
#include "base/result.hpp"
#include "bundle/bundle.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/fwd.hpp>

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

/// How a generation of the API calls the parts of its list of certificates.
struct CertificateFields {
    std::string_view list;
    std::string_view total;
    std::string_view id;
    std::string_view alias;
    std::string_view domain;
    std::array<std::string_view, 2> names;
    std::string_view begin;
    std::string_view end;
    std::string_view issuer;
    std::string_view pem;  // empty where the list never has it
};

/// A page of the list, in `body`. Errors: answer_malformed.
Result<CertificatePage> read_page(const boost::json::object& body, const CertificateFields& fields);

/// The one that is the certificate of `facts` under this alias: by fingerprint, or else by its names and its
/// end. A date is taken for China's time or for UTC, whichever fits.
std::optional<CertificateId> find_in(const CertificatePage& page, const std::string& alias,
                                     const CertificateFacts& facts);

/// What the list says of `id`. Errors: api_not_found, answer_malformed when it has no date that can be read.
Result<CertificateFacts> facts_in(const CertificatePage& page, const CertificateId& id);

}  // namespace certferry
