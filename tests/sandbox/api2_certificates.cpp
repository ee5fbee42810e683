// SPDX-License-Identifier: MIT
#include "api2_actions.hpp"
#include "certificate_service.hpp"

#include <algorithm>

#include <boost/json/array.hpp>

namespace certferry::sandbox {
namespace {

namespace json = boost::json;

json::array to_json(const std::vector<std::string>& texts) {
    json::array array;
    for (const std::string& text : texts) array.emplace_back(text);
    return array;
}

json::object listed(const StoredCertificate& certificate, WallTime now, bool with_content) {
    json::object entry{{"id", certificate.id.str()},
                       {"alias", certificate.alias},
                       {"domain", certificate.summary.common_name},
                       {"subjectAltName", to_json(certificate.summary.names)},
                       {"certType", std::string(to_text(certificate.type))},
                       {"status", validity_status(certificate, now)},
                       {"certBeginTime", china_time(certificate.summary.not_before)},
                       {"certEndTime", china_time(certificate.summary.not_after)},
                       {"insertTime", china_time(certificate.stored_at)},
                       {"from", "upload"}};
    if (with_content) entry["cert"] = certificate.chain_pem;
    return entry;
}

bool is_asked_for(const StoredCertificate& certificate, const Parameters& parameters) {
    const std::string id = text_of(parameters, "id");
    const std::string type = text_of(parameters, "certType");
    const std::string key = text_of(parameters, "searchKey");
    return (id.empty() || certificate.id.str() == id) &&
           (type.empty() || to_text(certificate.type) == type) && (key.empty() || mentions(certificate, key));
}

}  // namespace

std::variant<StoredCertificate, Refusal> received_certificate(const Api2Context& context,
                                                              CertificateType type, const std::string& alias,
                                                              const std::string& chain_pem, Secret key_pem) {
    if (!fits_as_alias(alias)) return Refusal{4000, std::string(alias_rule)};
    Result<StoredCertificate> received =
        receive(type, alias, chain_pem, std::move(key_pem), context.behaviour, context.now);
    if (!received) return Refusal{4000, "check the certificate: " + received.error().message()};
    return std::move(*received);
}

Api2Outcome cert_upload(const Api2Context& context) {
    const std::string chain = text_of(context.parameters, "cert");
    const std::string type_text = text_of(context.parameters, "certType");
    if (chain.empty()) return missing("cert");
    if (type_text.empty()) return missing("certType");
    const auto type = parse_certificate_type(type_text);
    if (!type) return Refusal{4000, "certType is SVR or CA"};
    auto received = received_certificate(context, *type, text_of(context.parameters, "alias"), chain,
                                         secret_of(context.parameters, "key"));
    if (const auto* const refusal = std::get_if<Refusal>(&received)) return *refusal;
    const CertificateId id = context.store.add(std::move(std::get<StoredCertificate>(received)));
    return json::object{{"data", json::object{{"id", id.str()}}}};
}

Api2Outcome cert_get_list(const Api2Context& context) {
    const std::int64_t page = std::max<std::int64_t>(number_of(context.parameters, "page").value_or(1), 1);
    const std::int64_t count = std::max<std::int64_t>(number_of(context.parameters, "count").value_or(20), 1);
    const bool with_content = number_of(context.parameters, "withCert").value_or(0) == 1;
    std::int64_t total = 0;
    json::array list;
    for (const StoredCertificate& certificate : context.store.certificates()) {
        if (!is_asked_for(certificate, context.parameters)) continue;
        const bool on_page = total / count == page - 1;
        if (on_page) list.push_back(listed(certificate, context.now, with_content));
        ++total;
    }
    return json::object{{"data", json::object{{"totalNum", total}, {"list", std::move(list)}}}};
}

Api2Outcome cert_delete(const Api2Context& context) {
    const std::string lower = text_of(context.parameters, "id");
    const CertificateId id(lower.empty() ? text_of(context.parameters, "ID") : lower);
    if (id.empty()) return missing("id");
    if (context.store.find(id) == nullptr) return Refusal{5000, "no such certificate"};
    if (context.store.bound_anywhere(id)) return Refusal{5100, "the certificate is in use"};
    context.store.remove(id);
    return json::object();
}

}  // namespace certferry::sandbox
