// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/api3_calls.hpp"
#include "cloud/api3_reading.hpp"
#include "cloud/api_caller.hpp"
#include "cloud/cloud.hpp"

namespace certferry {

/// Cloud through API 3.0 (reference: tencent-cloud-api §2.3 and §2.4). Every Error names the action. A
/// replacement by the same id is refused before it is sent, as api_invalid.
class Api3Cloud final : public Cloud {
public:
    /// `regions` are where bindings are looked for.
    Api3Cloud(std::vector<std::string> regions, ApiCaller& caller)
        : regions_(std::move(regions)), caller_(caller) {}

    /// With contents by these, whatever the alias. Without, by alias, and only if the certificate under that
    /// alias has the same names and the same end.
    Awaitable<Result<std::optional<CertificateId>>> find(const Upload& certificate) override;
    /// What the account has already is not stored again.
    Awaitable<Result<CertificateId>> upload(const Upload& certificate) override;
    /// Acts on all regions. How a client CA is to be named is not documented: where the first way is refused
    /// as an invalid parameter, the other is tried once.
    /// The one call has one TLS mode for all places. Where they mix mutual TLS, those of the account's
    /// regions are bound one by one, each as it is; api_partial, where the others are still to come. Errors:
    /// api_unsupported, before anything is changed, where they cannot be; unbound.
    Awaitable<Result<RequestId>> replace(const CertificateId& old_id, const Replacement& replacement,
                                         const BindingSet& bindings) override;
    /// The certificates beside it and the client CA are those that the place has now, if it has any.
    /// api_unsupported for a listener of a classic load balancer.
    Awaitable<Result<RequestId>> bind(const Binding& binding, const CertificateId& id) override;
    Awaitable<Result<std::map<Place, CertificateId>>> occupants(const BindingSet& places) override;
    /// Whether a replacement has a task at all is not documented. An empty RequestId has finished; one that
    /// the API does not know, or does not want to tell of, is `unknown`.
    Awaitable<Result<TaskReport>> task(const RequestId& request) override;
    /// In the regions of the account.
    Awaitable<Result<std::map<CertificateId, BindingSet>>> bindings(
        const std::vector<CertificateId>& ids) override;
    Awaitable<Result<BindingSet>> bindings_beside(const CertificateId& id, const BindingSet& places) override;
    /// From the list: the detail of a certificate would bring its private key.
    Awaitable<Result<CertificateFacts>> describe(const CertificateId& id) override;
    Awaitable<Result<void>> mute(const std::vector<CertificateId>& ids) override;
    Awaitable<Result<RequestId>> remove(const CertificateId& id) override;
    /// An empty task has finished. Errors: api_in_use, and api_forbidden when the account lacks the role that
    /// the check needs.
    Awaitable<Result<TaskReport>> removal(const RequestId& task) override;
    bool crowded() const override;
    Awaitable<void> room() override;
    void set_urgency(WallTime served_until) override;

private:
    Awaitable<Result<std::optional<CertificateId>>> find_by_contents(const Upload& certificate);
    Awaitable<Result<std::optional<CertificateId>>> find_by_alias(const Upload& certificate);
    Awaitable<Result<RequestId>> replace_at_once(const CertificateId& old_id, const Replacement& replacement,
                                                 const BindingSet& bindings);
    Awaitable<Result<RequestId>> replace_one_by_one(const CertificateId& old_id,
                                                    const Replacement& replacement,
                                                    const BindingSet& bindings);
    Awaitable<Result<RequestId>> bind_with(const Binding& binding, const CertificateId& id);
    Awaitable<Result<RequestId>> request_of(const Api3Call& call);
    Awaitable<Result<std::vector<LoadBalancer>>> load_balancers(const std::vector<CertificateId>& ids,
                                                                const std::string& region);
    Awaitable<Result<std::vector<Installed>>> installed(const LoadBalancer& balancer,
                                                        const std::string& region);

    std::vector<std::string> regions_;
    ApiCaller& caller_;  // of the account
    WallTime served_until_;
    std::map<RequestId, std::string> bind_regions_;  // where the tasks of bind() are asked for
};

}  // namespace certferry
