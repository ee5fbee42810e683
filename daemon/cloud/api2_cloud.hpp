// SPDX-License-Identifier: MIT
#pragma once

#include "cloud/api_caller.hpp"
#include "cloud/cloud.hpp"

namespace certferry {

/// Cloud through API 2.0 (reference: tencent-cloud-api §1.6 and §1.7). Every Error names the action. Two
/// things are refused before they are sent, as api_invalid: a replacement by the same id, and an alias that
/// begins with '@', which the official SDKs leave out of the signature.
class Api2Cloud final : public Cloud {
public:
    explicit Api2Cloud(ApiCaller& caller) : caller_(caller) {}

    /// By alias, and only if the certificate under that alias is this one.
    Awaitable<Result<std::optional<CertificateId>>> find(const Upload& certificate) override;
    Awaitable<Result<CertificateId>> upload(const Upload& certificate) override;
    /// The documented answer has no RequestId: the call has then done its work when it returns.
    Awaitable<Result<RequestId>> replace(const CertificateId& old_id, const Replacement& replacement,
                                         const BindingSet& bindings) override;
    /// An empty RequestId has finished; one that the API does not know, or does not want to tell of, is
    /// `unknown`.
    Awaitable<Result<TaskReport>> task(const RequestId& request) override;
    /// Rules with certificates of their own (SNI) are invisible in API 2.0, so no binding has a domain.
    Awaitable<Result<std::map<CertificateId, BindingSet>>> bindings(
        const std::vector<CertificateId>& ids) override;
    Awaitable<Result<BindingSet>> bindings_beside(const CertificateId& id, const BindingSet& places) override;
    Awaitable<Result<CertificateFacts>> describe(const CertificateId& id) override;
    /// API 2.0 has no documented call for what these do, or none that could be told to leave the rest of a
    /// listener alone: api_unsupported, and no occupants.
    Awaitable<Result<RequestId>> bind(const Binding& binding, const CertificateId& id) override;
    Awaitable<Result<std::map<Place, CertificateId>>> occupants(const BindingSet& places) override;
    Awaitable<Result<void>> mute(const std::vector<CertificateId>& ids) override;
    Awaitable<Result<RequestId>> remove(const CertificateId& id) override;
    Awaitable<Result<TaskReport>> removal(const RequestId& task) override;
    bool crowded() const override;
    Awaitable<void> room() override;
    void set_urgency(WallTime served_until) override;

private:
    ApiCaller& caller_;  // of the account
    WallTime served_until_;
};

}  // namespace certferry
