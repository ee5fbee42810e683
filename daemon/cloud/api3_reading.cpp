// SPDX-License-Identifier: MIT
#include "cloud/api3_reading.hpp"

#include "cloud/api_errors.hpp"
#include "cloud/api_json.hpp"
#include "cloud/api_task.hpp"
#include "cloud/echo.hpp"

#include <algorithm>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

namespace certferry {
namespace {

namespace json = boost::json;

constexpr CertificateFields fields{
    .list = "Certificates",
    .total = "TotalCount",
    .id = "CertificateId",
    .alias = "Alias",
    .domain = "Domain",
    .names = {"SubjectAltName", "CertSANs"},
    .begin = "CertBeginTime",
    .end = "CertEndTime",
    .issuer = "ProductZhName",
    .pem = "",
};

// Null is none, to leave it out is not.
std::optional<JsonObjects> list_at(const json::object& object, std::string_view name) {
    const json::value* const list = object.if_contains(name);
    if (list != nullptr && list->is_null()) return JsonObjects();
    return objects_at(object, name);
}

// What may be left out as well.
JsonObjects any_at(const json::object& object, std::string_view name) {
    return objects_at(object, name).value_or(JsonObjects());
}

std::string id_at(const json::object& object, std::string_view name) {
    std::string id = text_at(object, name);
    return is_id(id) ? id : std::string();
}

void add_id(std::vector<CertificateId>& ids, const std::string& id) {
    if (!is_id(id)) return;
    if (std::find(ids.begin(), ids.end(), CertificateId(id)) == ids.end()) ids.emplace_back(id);
}

void read_certificate(Installed& installed, const json::object& certificate) {
    installed.ssl_mode = lower_word(text_at(certificate, "SSLMode"));
    installed.verify_client = lower_word(text_at(certificate, "SSLVerifyClient"));
    installed.client_ca = id_at(certificate, "CertCaId");
    add_id(installed.servers, text_at(certificate, "CertId"));
    for (const std::string& id : texts_at(certificate, "ExtCertIds")) add_id(installed.servers, id);
}

bool has_any(const Installed& installed) {
    return !installed.servers.empty() || !installed.client_ca.empty();
}

std::string domain_of(const json::object& rule) {
    if (std::string domain = text_at(rule, "Domain"); !domain.empty()) return domain;
    const std::vector<std::string> domains = texts_at(rule, "Domains");
    return domains.empty() ? std::string() : domains.front();
}

// The listener's own certificate: in an object of its own, or with classic ones beside the rest.
Installed installed_at(const Place& place, const json::object& listener) {
    Installed installed;
    installed.place = place;
    const json::object* const certificate = map_at(listener, "Certificate");
    read_certificate(installed, certificate == nullptr ? listener : *certificate);
    return installed;
}

void add_rules(std::vector<Installed>& all, Place place, const json::object& listener) {
    for (const json::object* const rule : any_at(listener, "Rules")) {
        const json::object* const certificate = map_at(*rule, "Certificate");
        place.domain = domain_of(*rule);
        if (certificate == nullptr || place.domain.empty()) continue;
        Installed installed;
        installed.place = place;
        read_certificate(installed, *certificate);
        if (has_any(installed)) all.push_back(std::move(installed));
    }
}

void add_listener(std::vector<Installed>& all, const Place& place, const json::object& listener) {
    const std::string sni = text_at(listener, "SniSwitch");
    Installed own = installed_at(place, listener);
    const bool by_rule = sni == "1" || (sni.empty() && !has_any(own));
    if (by_rule)
        add_rules(all, place, listener);
    else if (has_any(own))
        all.push_back(std::move(own));
}

std::vector<CertificateId> without(std::vector<CertificateId> ids, const std::vector<CertificateId>& others) {
    std::erase_if(ids, [&](const CertificateId& id) {
        return std::find(others.begin(), others.end(), id) != others.end();
    });
    return ids;
}

const json::object* find_task(const json::object& body, const RequestId& task) {
    for (const json::object* const result : any_at(body, "DeleteTaskResult"))
        if (text_at(*result, "TaskId") == task.str()) return result;
    return nullptr;
}

// The call behind the task is over, and with it what its secrets were; a key in PEM still shows.
std::string words_at(const json::object& object, std::string_view name) {
    return without_echo(text_at(object, name), {});
}

std::string with_words(std::string_view sentence, const std::string& words) {
    return words.empty() ? std::string(sentence) : fmt::format("{} ({})", sentence, words);
}

}  // namespace

Result<std::optional<CertificateId>> read_existing_id(const json::object& body) {
    const std::string id = text_at(body, "RepeatCertId");
    if (id.empty()) return std::optional<CertificateId>();
    if (!is_id(id)) return lacks_usable("RepeatCertId");
    return std::optional<CertificateId>(id);
}

Result<CertificateId> read_upload(const json::object& body) {
    const std::string id = first_text(body, {"CertificateId", "RepeatCertId"});
    if (!is_id(id)) return lacks_usable("CertificateId");
    return CertificateId(id);
}

Result<CertificatePage> read_certificates(const json::object& body) {
    return read_page(body, fields);
}

Result<std::vector<LoadBalancer>> read_load_balancers(const json::object& body) {
    const std::optional<JsonObjects> certificates = list_at(body, "CertSet");
    if (!certificates) return lacks_usable("CertSet");
    std::vector<LoadBalancer> balancers;
    for (const json::object* const certificate : *certificates) {
        const std::optional<JsonObjects> users = list_at(*certificate, "LoadBalancers");
        if (!users) return lacks_usable("LoadBalancers");
        for (const json::object* const user : *users) {
            LoadBalancer balancer{text_at(*user, "LoadBalancerId"), text_at(*user, "Forward") == "0"};
            if (!is_id(balancer.id)) return lacks_usable("LoadBalancerId");
            balancers.push_back(std::move(balancer));
        }
    }
    std::sort(balancers.begin(), balancers.end());
    balancers.erase(std::unique(balancers.begin(), balancers.end()), balancers.end());
    return balancers;
}

Result<std::vector<Installed>> read_listeners(const json::object& body, const std::string& load_balancer) {
    const std::optional<JsonObjects> listeners = list_at(body, "Listeners");
    if (!listeners) return lacks_usable("Listeners");
    std::vector<Installed> all;
    for (const json::object* const listener : *listeners) {
        Place place;
        place.load_balancer = load_balancer;
        place.listener = text_at(*listener, "ListenerId");
        if (!is_id(place.listener)) return lacks_usable("ListenerId");
        add_listener(all, place, *listener);
    }
    return all;
}

std::optional<Binding> binding_of(const CertificateId& id, const Installed& installed) {
    Binding binding;
    binding.place = installed.place;
    binding.ssl_mode = installed.ssl_mode;
    binding.verify_client = installed.verify_client;
    binding.beside = without(installed.servers, {id});
    const bool as_server = binding.beside.size() < installed.servers.size();
    binding.as_client_ca = !as_server && installed.client_ca == id.str();
    if (!as_server && !binding.as_client_ca) return std::nullopt;
    if (as_server) binding.client_ca = installed.client_ca;
    std::sort(binding.beside.begin(), binding.beside.end());
    return binding;
}

std::optional<CertificateId> occupant_of(const Binding& binding, const Installed& installed) {
    if (binding.as_client_ca) {
        if (installed.client_ca.empty()) return std::nullopt;
        return CertificateId(installed.client_ca);
    }
    // Fewer than there were: the one that is missing is ours, and what was beside it may have been rotated.
    if (installed.servers.size() <= binding.beside.size()) return std::nullopt;
    const std::vector<CertificateId> ours = without(installed.servers, binding.beside);
    return ours.front();
}

std::vector<CertificateId> staying_beside(const CertificateId& id, const Binding& binding,
                                          const Installed& installed) {
    std::vector<CertificateId> others = without(installed.servers, {id});
    const bool there = others.size() < installed.servers.size();
    if (there || binding.as_client_ca) return others;
    const std::optional<CertificateId> occupant = occupant_of(binding, installed);
    return occupant ? without(others, {*occupant}) : others;
}

TaskReport read_task_status(const json::object& body) {
    TaskReport report;
    report.state = task_state(text_at(body, "Status"));
    report.message = words_at(body, "Message");
    return report;
}

Result<RequestId> read_removal_task(const json::object& body) {
    const std::string task = text_at(body, "TaskId");
    if (!task.empty() && task != "0") return RequestId(task);
    const json::value* const done = body.if_contains("DeleteResult");
    if (done != nullptr && done->is_bool() && done->get_bool()) return RequestId();
    return Error(Errc::api_unknown, "the API says that the certificate was not deleted, and not why");
}

Result<TaskReport> read_removal(const json::object& body, const RequestId& task) {
    TaskReport report;
    const json::object* const result = find_task(body, task);
    if (result == nullptr) return report;
    const std::string status = text_at(*result, "Status");
    report.message = words_at(*result, "Error");
    if (status == "0") report.state = TaskState::running;
    if (status == "1") report.state = TaskState::finished;
    if (status == "2" || status == "5") report.state = TaskState::failed;
    if (status == "3")
        return Error(Errc::api_forbidden, with_words(missing_role, report.message))
            .with_remedy(std::string(missing_role_remedy));
    if (status == "4")
        return Error(Errc::api_in_use,
                     with_words("the certificate is still bound somewhere", report.message));
    return report;
}

}  // namespace certferry
