// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/api3_request.hpp"
#include "cloud/cloud.hpp"

#include <vector>

/// The calls of API 3.0 that certferry makes, as their pages document them (reference: tencent-cloud-api §2.3
/// and §2.4).
namespace certferry {

/// Where a replacement is called, whatever regions the load balancers are in.
inline constexpr std::string_view replace_region = "ap-guangzhou";

inline constexpr std::string_view replace_action = "ReplaceCertForLoadBalancers";

/// How a new client CA is named in the call that replaces the old one. The page leaves it open; Terraform's
/// provider, which is Tencent's, shows the CA's own fields.
enum class Naming { as_server, as_client_ca };

Api3Call certificate_exists_call(const Upload& certificate);
Api3Call certificates_call(const std::vector<CertificateId>& ids);
/// One page of `count` certificates whose alias, domain or id looks like the alias; pages from 0.
Api3Call search_call(const Upload& certificate, std::size_t page, std::size_t count);
Api3Call upload_call(const Upload& certificate);

/// With the mutual TLS that all of `bindings` share. The call names no places, and has one mode for all,
/// which is without mutual TLS where none is given: not for bindings that mix it.
Api3Call replace_call(const CertificateId& old_id, const Replacement& replacement, const BindingSet& bindings,
                      Naming naming);
/// ModifyListener, or ModifyDomainAttributes where the place has a domain.
Api3Call bind_call(const Binding& binding, const CertificateId& id);
Api3Call task_call(const RequestId& request, const std::string& region);

/// The load balancers of `region` that use any of `ids`, at most 20.
Api3Call load_balancers_call(const std::vector<CertificateId>& ids, const std::string& region);
Api3Call listeners_call(const std::string& load_balancer, bool classic, const std::string& region);

/// Of at most 50.
Api3Call mute_call(const std::vector<CertificateId>& ids);
Api3Call remove_call(const CertificateId& id);
Api3Call removal_call(const RequestId& task);

}  // namespace certferry
