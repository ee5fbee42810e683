// SPDX-License-Identifier: MIT
#pragma once

#include "parameters.hpp"
#include "signature_check.hpp"
#include "store.hpp"
#include "world.hpp"

#include <string>
#include <variant>

#include <boost/json/object.hpp>

namespace certferry::sandbox {

/// What an action works with.
struct Api2Context {
    const Parameters& parameters;
    Store& store;
    const Behaviour& behaviour;
    Extent extent;
    WallTime now;
};

/// What a success says beside its code, or why there is none.
using Api2Outcome = std::variant<boost::json::object, Refusal>;
using Api2Action = Api2Outcome (*)(const Api2Context&);

// The certificate service, wss.api.qcloud.com.
Api2Outcome cert_upload(const Api2Context& context);
Api2Outcome cert_get_list(const Api2Context& context);
Api2Outcome cert_delete(const Api2Context& context);

// Load balancers, lb.api.qcloud.com.
Api2Outcome replace_cert(const Api2Context& context);
Api2Outcome get_cert_list_with_load_balancer(const Api2Context& context);
Api2Outcome describe_load_balancers_task_result(const Api2Context& context);

/// A certificate that a call brings, judged by the rules of its kind.
std::variant<StoredCertificate, Refusal> received_certificate(const Api2Context& context,
                                                              CertificateType type, const std::string& alias,
                                                              const std::string& chain_pem, Secret key_pem);

}  // namespace certferry::sandbox
