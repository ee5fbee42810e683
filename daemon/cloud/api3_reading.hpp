// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/cloud.hpp"
#include "cloud/stored_certificate.hpp"

#include <optional>
#include <string>
#include <vector>

#include <boost/json/fwd.hpp>

/// What the bodies of API 3.0's answers say (reference: tencent-cloud-api §2.3 and §2.4). They are not
/// trusted: every id is checked and every text bounded. A list that is null is empty; one that is not there
/// at all is answer_malformed, so that an answer cut short never reads as "bound nowhere".
namespace certferry {

/// What CheckCertificateExist found; nothing where the store has none.
Result<std::optional<CertificateId>> read_existing_id(const boost::json::object& body);

/// The id that UploadCertificate gave, or that of the certificate which was there before.
Result<CertificateId> read_upload(const boost::json::object& body);

/// A page of DescribeCertificates.
Result<CertificatePage> read_certificates(const boost::json::object& body);

/// A load balancer that uses a certificate which was asked for.
struct LoadBalancer {
    std::string id;
    bool classic = false;

    friend auto operator<=>(const LoadBalancer&, const LoadBalancer&) = default;
};

/// DescribeLoadBalancerListByCertId, each once.
Result<std::vector<LoadBalancer>> read_load_balancers(const boost::json::object& body);

/// The certificates at one place.
struct Installed {
    Place place;
    std::string ssl_mode;                // as in Binding
    std::string verify_client;           // as in Binding
    std::vector<CertificateId> servers;  // the first is the one that a client gets by default
    std::string client_ca;               // empty for none
};

/// DescribeListeners, or DescribeClassicalLBListeners, which knows neither rules nor further certificates.
/// With SNI the certificates are those of the rules, one place for each rule's domain; one that has several
/// is named by its first.
Result<std::vector<Installed>> read_listeners(const boost::json::object& body,
                                              const std::string& load_balancer);

/// The binding of `id` there, if it is one of the certificates.
std::optional<Binding> binding_of(const CertificateId& id, const Installed& installed);

/// What has the place that the binding's certificate had: the CA, or the server certificate that is not one
/// of those beside it.
std::optional<CertificateId> occupant_of(const Binding& binding, const Installed& installed);

/// The server certificates there that stay when `id` takes, or has, the binding's place.
std::vector<CertificateId> staying_beside(const CertificateId& id, const Binding& binding,
                                          const Installed& installed);

/// What DescribeTaskStatus says.
TaskReport read_task_status(const boost::json::object& body);

/// The task of DeleteCertificate; empty where it is done already. Errors: api_unknown, when it says that it
/// was not.
Result<RequestId> read_removal_task(const boost::json::object& body);

/// What DescribeDeleteCertificatesTaskResult says of `task`. Errors: api_in_use (still bound), api_forbidden
/// (the role that the check needs is missing).
Result<TaskReport> read_removal(const boost::json::object& body, const RequestId& task);

}  // namespace certferry
