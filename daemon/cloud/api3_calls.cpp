// SPDX-License-Identifier: MIT
#include "cloud/api3_calls.hpp"

#include "cloud/replacement.hpp"

#include <algorithm>
#include <cctype>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

namespace certferry {
namespace {

namespace json = boost::json;

// A listener with all its rules is some ten KiB, and there is no paging.
constexpr std::size_t big_answer_max = std::size_t{8} << 20U;

void set(json::object& object, std::string_view name, std::string_view text) {
    object[name].emplace_string() = text;
}

void set_ids(json::object& object, std::string_view name, const std::vector<CertificateId>& ids) {
    json::array& list = object[name].emplace_array();
    for (const CertificateId& id : ids) list.emplace_back(json::string_view(id.str()));
}

std::string upper(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
}

void set_mode(json::object& certificate, const Binding& binding) {
    if (!binding.ssl_mode.empty()) set(certificate, "SSLMode", upper(binding.ssl_mode));
    if (!binding.verify_client.empty()) set(certificate, "SSLVerifyClient", upper(binding.verify_client));
}

void set_new_contents(Api3Call& call, json::object& certificate, const Upload& contents, Naming naming) {
    if (naming == Naming::as_client_ca) {
        set(certificate, "CertCaName", contents.alias);
        set(certificate, "CertCaContent", contents.chain_pem);
        return;
    }
    set(certificate, "CertName", contents.alias);
    set(certificate, "CertContent", contents.chain_pem);
    if (contents.kind == config::Kind::server) call.set_secret(certificate, "CertKey", contents.key_pem);
}

// What is bound at a place once `id` is.
struct Certificates {
    std::vector<CertificateId> servers;
    std::string client_ca;
};

Certificates certificates_with(const CertificateId& id, const Binding& binding) {
    Certificates all{binding.beside, binding.client_ca};
    if (binding.as_client_ca)
        all.client_ca = id.str();
    else
        all.servers.insert(all.servers.begin(), id);
    return all;
}

void set_certificate(json::object& body, const Binding& binding, const Certificates& all) {
    json::object& certificate = body["Certificate"].emplace_object();
    set_mode(certificate, binding);
    if (!all.servers.empty()) set(certificate, "CertId", all.servers.front().str());
    if (!all.client_ca.empty()) set(certificate, "CertCaId", all.client_ca);
}

// Excludes Certificate. The CA of mutual TLS is one of the list.
void set_certificates(json::object& body, const Binding& binding, const Certificates& all) {
    json::object& certificates = body["MultiCertInfo"].emplace_object();
    set_mode(certificates, binding);
    json::array& list = certificates["CertList"].emplace_array();
    for (const CertificateId& id : all.servers)
        set(list.emplace_back(nullptr).emplace_object(), "CertId", id.str());
    if (!all.client_ca.empty()) set(list.emplace_back(nullptr).emplace_object(), "CertId", all.client_ca);
}

}  // namespace

Api3Call certificate_exists_call(const Upload& certificate) {
    Api3Call call(Api3Service::ssl, "CheckCertificateExist", Effect::reads);
    set(call.body(), "CertificatePublicKey", certificate.chain_pem);
    return call;
}

Api3Call certificates_call(const std::vector<CertificateId>& ids) {
    Api3Call call(Api3Service::ssl, "DescribeCertificates", Effect::reads);
    set_ids(call.body(), "CertIds", ids);
    return call;
}

Api3Call search_call(const Upload& certificate, std::size_t page, std::size_t count) {
    Api3Call call(Api3Service::ssl, "DescribeCertificates", Effect::reads);
    set(call.body(), "SearchKey", certificate.alias);
    set(call.body(), "CertificateType", certificate_type(certificate.kind));
    call.body()["Offset"] = page * count;
    call.body()["Limit"] = count;
    return call;
}

Api3Call upload_call(const Upload& certificate) {
    Api3Call call(Api3Service::ssl, "UploadCertificate", Effect::changes);
    set(call.body(), "CertificatePublicKey", certificate.chain_pem);
    set(call.body(), "CertificateType", certificate_type(certificate.kind));
    set(call.body(), "Alias", certificate.alias);
    call.body()["Repeatable"] = false;
    if (certificate.kind == config::Kind::server)
        call.set_secret(call.body(), "CertificatePrivateKey", certificate.key_pem);
    return call;
}

Api3Call replace_call(const CertificateId& old_id, const Replacement& replacement, const BindingSet& bindings,
                      Naming naming) {
    Api3Call call(Api3Service::clb, std::string(replace_action), Effect::changes,
                  std::string(replace_region));
    set(call.body(), "OldCertificateId", old_id.str());
    json::object& certificate = call.body()["Certificate"].emplace_object();
    if (const auto* const new_id = std::get_if<CertificateId>(&replacement))
        set(certificate, naming == Naming::as_client_ca ? "CertCaId" : "CertId", new_id->str());
    else
        set_new_contents(call, certificate, std::get<Upload>(replacement), naming);
    if (const std::optional<Binding> mutual = common_mutual_tls(bindings)) {
        set_mode(certificate, *mutual);
        if (!mutual->client_ca.empty()) set(certificate, "CertCaId", mutual->client_ca);
    }
    return call;
}

Api3Call bind_call(const Binding& binding, const CertificateId& id) {
    const Place& place = binding.place;
    Api3Call call(Api3Service::clb, place.domain.empty() ? "ModifyListener" : "ModifyDomainAttributes",
                  Effect::changes, binding.region);
    set(call.body(), "LoadBalancerId", place.load_balancer);
    set(call.body(), "ListenerId", place.listener);
    if (!place.domain.empty()) set(call.body(), "Domain", place.domain);
    const Certificates all = certificates_with(id, binding);
    if (all.servers.size() > 1)
        set_certificates(call.body(), binding, all);
    else
        set_certificate(call.body(), binding, all);
    return call;
}

Api3Call task_call(const RequestId& request, const std::string& region) {
    Api3Call call(Api3Service::clb, "DescribeTaskStatus", Effect::reads, region);
    set(call.body(), "TaskId", request.str());
    return call;
}

Api3Call load_balancers_call(const std::vector<CertificateId>& ids, const std::string& region) {
    Api3Call call(Api3Service::clb, "DescribeLoadBalancerListByCertId", Effect::reads, region);
    set_ids(call.body(), "CertIds", ids);
    call.allow_answer(big_answer_max);
    return call;
}

Api3Call listeners_call(const std::string& load_balancer, bool classic, const std::string& region) {
    Api3Call call(Api3Service::clb, classic ? "DescribeClassicalLBListeners" : "DescribeListeners",
                  Effect::reads, region);
    set(call.body(), "LoadBalancerId", load_balancer);
    call.allow_answer(big_answer_max);
    return call;
}

Api3Call mute_call(const std::vector<CertificateId>& ids) {
    Api3Call call(Api3Service::ssl, "ModifyCertificatesExpiringNotificationSwitch", Effect::changes);
    set_ids(call.body(), "CertificateIds", ids);
    call.body()["SwitchStatus"] = 1;
    return call;
}

Api3Call remove_call(const CertificateId& id) {
    Api3Call call(Api3Service::ssl, "DeleteCertificate", Effect::changes);
    set(call.body(), "CertificateId", id.str());
    call.body()["IsCheckResource"] = true;
    return call;
}

Api3Call removal_call(const RequestId& task) {
    Api3Call call(Api3Service::ssl, "DescribeDeleteCertificatesTaskResult", Effect::reads);
    call.body()["TaskIds"].emplace_array().emplace_back(json::string_view(task.str()));
    return call;
}

}  // namespace certferry
