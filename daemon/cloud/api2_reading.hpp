// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/cloud.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/fwd.hpp>

/// What the bodies of API 2.0's answers say (reference: tencent-cloud-api §1.7). They are not trusted: every
/// id is checked and every text bounded. Errors: answer_malformed, which names what is not as documented.
namespace certferry {

/// One entry of CertGetList.
struct Api2Certificate {
    CertificateId id;
    std::string alias;
    /// From the PEM where the answer has it. Otherwise without a fingerprint, and not_after is 0 when the
    /// answer gives no date that can be read.
    CertificateFacts facts;
};

struct Api2CertificatePage {
    std::size_t total = 0;
    std::vector<Api2Certificate> entries;
};

Result<Api2CertificatePage> read_certificate_page(const boost::json::object& body);

/// The id that CertUpload gave.
Result<CertificateId> read_uploaded_id(const boost::json::object& body);

/// Where GetCertListWithLoadBalancer says that each of `ids` is bound; all of them are in the map.
Result<std::map<CertificateId, BindingSet>> read_bindings(const boost::json::object& body,
                                                          const std::vector<CertificateId>& ids);

/// What DescribeLoadBalancersTaskResult says.
TaskReport read_task(const boost::json::object& body);

/// Whether `entry` is the certificate of `facts`: by fingerprint, or else by its names and its end. A date is
/// taken for China's time or for UTC, whichever fits.
bool is_same_certificate(const CertificateFacts& entry, const CertificateFacts& facts);

}  // namespace certferry
