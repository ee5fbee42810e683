// SPDX-License-Identifier: MIT
#pragma once

#include "api3_body.hpp"
#include "api3_refusal.hpp"
#include "world.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include <boost/json/object.hpp>

namespace certferry::sandbox {

/// What an action works with.
struct Api3Context {
    const Parameters& parameters;
    World& world;
    Store& store;  // the world's, or a copy of it
    Extent extent;
    std::string region;
    std::string request_id;  // also names the task that the call starts
    WallTime now;
};

/// What a success says beside its RequestId, or why there is none.
using Api3Outcome = std::variant<boost::json::object, Api3Refusal>;
using Api3Action = Api3Outcome (*)(const Api3Context&);

struct Api3ActionRow {
    std::string_view name;
    Api3Action action;
    std::span<const Known> parameters;
    bool signed_only = true;  // or also with "Authorization: SKIP"
};

// ssl 2019-12-05, clb 2018-03-17 in two files, sts 2018-08-13 (reference: tencent-cloud-api §2.3, §2.4, §3).
std::span<const Api3ActionRow> ssl_actions();
std::span<const Api3ActionRow> clb_reading_actions();
std::span<const Api3ActionRow> clb_changing_actions();
std::span<const Api3ActionRow> sts_actions();

/// Refuses a LoadBalancerId that is not of the call's region, where it is as good as none, or of this kind.
std::optional<Api3Refusal> check_load_balancer(const Api3Context& context, bool classic);

/// Bears the RequestId of the answer, as it is behaved here.
Task task_of(const Api3Context& context, Change change);

/// Which parameters bring a certificate's contents; `id` names one that is stored already.
struct CertificateNames {
    std::string id;
    std::string alias;
    std::string chain;
    std::string key;
};

/// The certificate that a call of the load balancers names, or a new entry for the contents that it brings.
std::variant<CertificateId, Api3Refusal> named_or_new(const Api3Context& context, CertificateType type,
                                                      const CertificateNames& names);

/// A certificate that a call brings, judged by the rules of its kind.
std::variant<StoredCertificate, Api3Refusal> received_certificate(const Api3Context& context,
                                                                  CertificateType type,
                                                                  const CertificateNames& names);

}  // namespace certferry::sandbox
