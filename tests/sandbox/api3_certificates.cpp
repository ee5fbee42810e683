// SPDX-License-Identifier: MIT
#include "api3_actions.hpp"
#include "certificate_service.hpp"
#include "task_status.hpp"

#include <algorithm>
#include <array>

#include <boost/json/array.hpp>
#include <fmt/format.h>

namespace certferry::sandbox {
namespace {

namespace json = boost::json;

const CertificateNames upload_names{
    .id = "", .alias = "Alias", .chain = "CertificatePublicKey", .key = "CertificatePrivateKey"};

Api3Refusal not_found(const CertificateId& id) {
    return {"FailedOperation.CertificateNotFound",
            fmt::format("The certificate {} does not exist.", id.str())};
}

json::array to_json(const std::vector<std::string>& texts) {
    json::array array;
    for (const std::string& text : texts) array.emplace_back(text);
    return array;
}

/// What the list and the detail of a certificate have in common.
json::object described(const StoredCertificate& certificate, WallTime now) {
    return {{"CertificateId", certificate.id.str()},
            {"Alias", certificate.alias},
            {"CertificateType", std::string(to_text(certificate.type))},
            {"Domain", certificate.summary.common_name},
            {"SubjectAltName", to_json(certificate.summary.names)},
            {"Status", validity_status(certificate, now)},
            {"StatusMsg", nullptr},
            {"From", "upload"},
            {"PackageType", nullptr},
            {"ProductZhName", ""},
            {"ProjectId", "0"},
            {"EncryptAlgorithm", std::string(to_text(certificate.summary.algorithm))},
            {"CertBeginTime", china_time(certificate.summary.not_before)},
            {"CertEndTime", china_time(certificate.summary.not_after)},
            {"InsertTime", china_time(certificate.stored_at)}};
}

json::object listed(const StoredCertificate& certificate, WallTime now) {
    json::object entry = described(certificate, now);
    entry["CertSANs"] = to_json(certificate.summary.names);
    entry["IsIgnore"] = certificate.muted;
    entry["BoundResource"] = nullptr;
    return entry;
}

/// At an omitted filter everything passes.
bool passes(const StoredCertificate& certificate, const Parameters& parameters) {
    const std::vector<std::string> ids = list_of(parameters, "CertIds");
    const std::string type = text_of(parameters, "CertificateType");
    const std::string key = text_of(parameters, "SearchKey");
    const std::string source = text_of(parameters, "FilterSource");
    return (ids.empty() || std::ranges::find(ids, certificate.id.str()) != ids.end()) &&
           (type.empty() || to_text(certificate.type) == type) &&
           (key.empty() || mentions(certificate, key)) && (source.empty() || source == "upload");
}

constexpr std::array upload_parameters = {Known{"CertificatePublicKey"},
                                          Known{"CertificatePrivateKey"},
                                          Known{"CertificateType"},
                                          Known{"Alias"},
                                          Known{"ProjectId", ValueKind::number},
                                          Known{"CertificateUse"},
                                          Known{"Repeatable", ValueKind::boolean}};

Api3Outcome upload_certificate(const Api3Context& context) {
    if (text_of(context.parameters, "CertificatePublicKey").empty())
        return missing_parameter("CertificatePublicKey");
    const std::string type_text = text_of(context.parameters, "CertificateType");
    const auto type = parse_certificate_type(type_text.empty() ? "SVR" : type_text);
    if (!type) return Api3Refusal{"InvalidParameterValue", "CertificateType is SVR or CA"};
    auto received = received_certificate(context, *type, upload_names);
    if (auto* const refusal = std::get_if<Api3Refusal>(&received)) return std::move(*refusal);

    auto& certificate = std::get<StoredCertificate>(received);
    const StoredCertificate* const same = context.store.find(certificate.summary.fingerprint, *type);
    if (same != nullptr && text_of(context.parameters, "Repeatable") == "false")
        return json::object{{"CertificateId", same->id.str()}, {"RepeatCertId", same->id.str()}};
    const CertificateId id = context.store.add(std::move(certificate));
    return json::object{{"CertificateId", id.str()}, {"RepeatCertId", ""}};
}

constexpr std::array exist_parameters = {Known{"CertificatePublicKey"}};

Api3Outcome check_certificate_exist(const Api3Context& context) {
    const std::string chain = text_of(context.parameters, "CertificatePublicKey");
    if (chain.empty()) return missing_parameter("CertificatePublicKey");
    const Result<Fingerprint> leaf = leaf_fingerprint(chain);
    if (!leaf) return Api3Refusal{"FailedOperation.CertificateParseError", leaf.error().message()};
    for (const auto type : {CertificateType::server, CertificateType::client})
        if (const StoredCertificate* const same = context.store.find(*leaf, type))
            return json::object{{"RepeatCertId", same->id.str()}};
    return json::object{{"RepeatCertId", ""}};
}

constexpr std::array list_parameters = {Known{"Offset", ValueKind::number},
                                        Known{"Limit", ValueKind::number},
                                        Known{"SearchKey"},
                                        Known{"CertificateType"},
                                        Known{"CertIds"},
                                        Known{"FilterSource"},
                                        Known{"ProjectId", ValueKind::number},
                                        Known{"ExpirationSort"}};

Api3Outcome describe_certificates(const Api3Context& context) {
    constexpr std::int64_t limit_max = 1000;
    const std::int64_t offset = number_of(context.parameters, "Offset").value_or(0);
    const std::int64_t limit = number_of(context.parameters, "Limit").value_or(10);
    if (limit > limit_max) return Api3Refusal{"InvalidParameterValue", "Limit is at most 1000"};
    std::int64_t total = 0;
    json::array list;
    for (const StoredCertificate& certificate : context.store.certificates()) {
        if (!passes(certificate, context.parameters)) continue;
        if (total >= offset && total < offset + limit) list.push_back(listed(certificate, context.now));
        ++total;
    }
    return json::object{{"TotalCount", total}, {"Certificates", std::move(list)}};
}

constexpr std::array id_parameters = {Known{"CertificateId"}};

Api3Outcome describe_certificate_detail(const Api3Context& context) {
    const CertificateId id(text_of(context.parameters, "CertificateId"));
    if (id.empty()) return missing_parameter("CertificateId");
    const StoredCertificate* const certificate = context.store.find(id);
    if (certificate == nullptr) return not_found(id);
    json::object detail = described(*certificate, context.now);
    detail["CertificatePublicKey"] = certificate->chain_pem;
    detail["CertificatePrivateKey"] = certificate->key_pem.reveal();
    detail["CertFingerprint"] = certificate->summary.sha1;
    return detail;
}

constexpr std::array delete_parameters = {Known{"CertificateId"},
                                          Known{"IsCheckResource", ValueKind::boolean}};

/// Without a check it is deleted even if it is bound, and the answer is all.
Api3Outcome delete_certificate(const Api3Context& context) {
    const CertificateId id(text_of(context.parameters, "CertificateId"));
    if (id.empty()) return missing_parameter("CertificateId");
    if (context.store.find(id) == nullptr) return not_found(id);
    if (text_of(context.parameters, "IsCheckResource") != "true") {
        context.store.remove(id);
        return json::object{{"DeleteResult", true}, {"TaskId", ""}};
    }
    context.store.start(task_of(context, Removal{id}), context.now);
    return json::object{{"DeleteResult", true}, {"TaskId", context.request_id}};
}

constexpr std::array task_parameters = {Known{"TaskIds"}};

Api3Outcome describe_delete_certificates_task_result(const Api3Context& context) {
    const std::vector<std::string> ids = list_of(context.parameters, "TaskIds");
    if (ids.empty()) return missing_parameter("TaskIds");
    json::array results;
    for (const std::string& id : ids) {
        const auto state = context.store.poll(id);
        if (!state) continue;
        results.push_back(json::object{{"TaskId", id},
                                       {"Status", deletion_status(*state)},
                                       {"Error", *state == TaskState::in_use ? "bound to clb" : ""}});
    }
    return json::object{{"DeleteTaskResult", std::move(results)}};
}

constexpr std::array mute_parameters = {Known{"CertificateIds"}, Known{"SwitchStatus", ValueKind::number}};

Api3Outcome modify_certificates_expiring_notification_switch(const Api3Context& context) {
    constexpr std::size_t ids_max = 50;
    const std::vector<std::string> ids = list_of(context.parameters, "CertificateIds");
    const auto status = number_of(context.parameters, "SwitchStatus");
    if (ids.empty()) return missing_parameter("CertificateIds");
    if (!status) return missing_parameter("SwitchStatus");
    if (ids.size() > ids_max) return Api3Refusal{"InvalidParameterValue", "at most 50 CertificateIds"};
    for (const std::string& id : ids)
        if (context.store.find(CertificateId(id)) == nullptr) return not_found(CertificateId(id));
    for (const std::string& id : ids) context.store.mute(CertificateId(id), *status == 1);
    return json::object{{"CertificateIds", to_json(ids)}};
}

constexpr std::array actions = {
    Api3ActionRow{"UploadCertificate", upload_certificate, upload_parameters},
    Api3ActionRow{"CheckCertificateExist", check_certificate_exist, exist_parameters},
    Api3ActionRow{"DescribeCertificates", describe_certificates, list_parameters},
    Api3ActionRow{"DescribeCertificateDetail", describe_certificate_detail, id_parameters},
    Api3ActionRow{"DeleteCertificate", delete_certificate, delete_parameters},
    Api3ActionRow{"DescribeDeleteCertificatesTaskResult", describe_delete_certificates_task_result,
                  task_parameters},
    Api3ActionRow{"ModifyCertificatesExpiringNotificationSwitch",
                  modify_certificates_expiring_notification_switch, mute_parameters},
};

}  // namespace

std::span<const Api3ActionRow> ssl_actions() {
    return actions;
}

}  // namespace certferry::sandbox
