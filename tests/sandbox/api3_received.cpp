// SPDX-License-Identifier: MIT
#include "api3_actions.hpp"
#include "certificate_service.hpp"

namespace certferry::sandbox {
namespace {

/// The service's words for what is wrong with a certificate (reference: tencent-cloud-api §2.4).
std::string code_for(Errc unfit) {
    switch (unfit) {
        case Errc::key_missing:
            return "MissingParameter";
        case Errc::key_mismatch:
            return "FailedOperation.CertificateMatchError";
        case Errc::chain_incomplete:
            return "FailedOperation.CertificateChainError";
        case Errc::not_a_ca:
            return "FailedOperation.CertificateCaError";
        default:
            return "FailedOperation.CertificateParseError";
    }
}

}  // namespace

std::variant<StoredCertificate, Api3Refusal> received_certificate(const Api3Context& context,
                                                                  CertificateType type,
                                                                  const CertificateNames& names) {
    const std::string alias = text_of(context.parameters, names.alias);
    if (!fits_as_alias(alias)) return Api3Refusal{"InvalidParameterValue.Length", std::string(alias_rule)};
    Secret key = type == CertificateType::server ? secret_of(context.parameters, names.key) : Secret();
    Result<StoredCertificate> received = receive(type, alias, text_of(context.parameters, names.chain),
                                                 std::move(key), context.world.behaviour, context.now);
    if (!received)
        return Api3Refusal{code_for(received.error().code()),
                           "check the certificate: " + received.error().message()};
    return std::move(*received);
}

std::variant<CertificateId, Api3Refusal> named_or_new(const Api3Context& context, CertificateType type,
                                                      const CertificateNames& names) {
    const CertificateId named(text_of(context.parameters, names.id));
    if (!named.empty()) {
        const StoredCertificate* const stored = context.store.find(named);
        if (stored == nullptr)
            return Api3Refusal{"InvalidParameterValue", names.id + ": no such certificate"};
        if (stored->type != type)
            return Api3Refusal{"InvalidParameter", names.id + ": the certificate is of another type"};
        return named;
    }
    if (text_of(context.parameters, names.chain).empty()) return missing_parameter(names.id);
    if (text_of(context.parameters, names.alias).empty()) return missing_parameter(names.alias);
    auto received = received_certificate(context, type, names);
    if (auto* const refusal = std::get_if<Api3Refusal>(&received)) return std::move(*refusal);
    return context.store.add(std::move(std::get<StoredCertificate>(received)));
}

Task task_of(const Api3Context& context, Change change) {
    Task task = task_of(context.world.behaviour, context.now);
    task.id = context.request_id;
    task.change = std::move(change);
    return task;
}

}  // namespace certferry::sandbox
