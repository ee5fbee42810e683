// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/cloud.hpp"
#include "cloud/stored_certificate.hpp"

#include <map>
#include <vector>

#include <boost/json/fwd.hpp>

/// What the bodies of API 2.0's answers say (reference: tencent-cloud-api §1.7). They are not trusted: every
/// id is checked and every text bounded. Errors: answer_malformed, which names what is not as documented.
namespace certferry {

/// A page of CertGetList.
Result<CertificatePage> read_certificate_page(const boost::json::object& body);

/// The id that CertUpload gave.
Result<CertificateId> read_uploaded_id(const boost::json::object& body);

/// Where GetCertListWithLoadBalancer says that each of `ids` is bound; all of them are in the map.
Result<std::map<CertificateId, BindingSet>> read_bindings(const boost::json::object& body,
                                                          const std::vector<CertificateId>& ids);

/// What DescribeLoadBalancersTaskResult says.
TaskReport read_task(const boost::json::object& body);

}  // namespace certferry
