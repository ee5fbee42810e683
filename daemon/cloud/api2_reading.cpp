// SPDX-License-Identifier: MIT
#include "cloud/api2_reading.hpp"

#include "cloud/api_json.hpp"
#include "cloud/api_task.hpp"
#include "cloud/api_time.hpp"
#include "cloud/echo.hpp"

#include <boost/json/value.hpp>

namespace certferry {
namespace {

namespace json = boost::json;

std::vector<std::string> names_of(const json::object& entry) {
    std::vector<std::string> names = texts_at(entry, "subjectAltName");
    if (std::string domain = text_at(entry, "domain"); !domain.empty()) names.push_back(std::move(domain));
    return comparable_names(std::move(names));
}

CertificateFacts facts_of(const json::object& entry) {
    if (const json::value* const pem = entry.if_contains("cert"); pem && pem->is_string())
        if (Result<CertificateFacts> facts = certificate_facts(pem->get_string(), "the answer"))
            return *facts;
    CertificateFacts facts;
    facts.not_before = parse_china_time(text_at(entry, "certBeginTime")).value_or(facts.not_before);
    facts.not_after = parse_china_time(text_at(entry, "certEndTime")).value_or(facts.not_after);
    facts.names = names_of(entry);
    facts.issuer = text_at(entry, "productZhName");
    return facts;
}

std::string client_ca_beside(const CertificateId& id, const json::object& listener) {
    std::string client_ca = text_at(listener, "certCaId");
    // Where the CA itself is what is looked for, it is the one thing there that need not stay.
    if (client_ca == id.str() || !is_id(client_ca)) return {};
    return client_ca;
}

// API 2.0 shows one server certificate of a listener.
std::vector<CertificateId> server_beside(const CertificateId& id, const json::object& listener) {
    const std::string server = text_at(listener, "certId");
    if (server == id.str() || !is_id(server)) return {};
    return {CertificateId(server)};
}

bool names_another(const CertificateId& id, const json::object& listener) {
    const std::string server = text_at(listener, "certId");
    const std::string client_ca = text_at(listener, "certCaId");
    const bool silent = server.empty() && client_ca.empty();
    return !silent && server != id.str() && client_ca != id.str();
}

Result<void> add_load_balancer(BindingSet& bindings, const CertificateId& id, const json::object& balancer) {
    Binding binding;
    binding.place.load_balancer = text_at(balancer, "loadBalancerId");
    if (!is_id(binding.place.load_balancer)) return lacks_usable("loadBalancerId");
    binding.region = first_text(balancer, {"region", "Region"});
    const std::optional<JsonObjects> listeners = objects_at(balancer, "listener");
    if (!listeners) return lacks_usable("listener");
    for (const json::object* const listener : *listeners) {
        if (names_another(id, *listener)) continue;
        binding.place.listener = first_text(*listener, {"unListenerId", "listenerId"});
        if (!is_id(binding.place.listener)) return lacks_usable("unListenerId");
        binding.ssl_mode = lower_word(text_at(*listener, "SSLMode"));
        binding.client_ca = client_ca_beside(id, *listener);
        binding.as_client_ca = text_at(*listener, "certCaId") == id.str();
        binding.beside = server_beside(id, *listener);
        bindings.insert(binding);
    }
    return {};
}

Result<BindingSet> bindings_of(const CertificateId& id, const json::object& certificates) {
    BindingSet bindings;
    if (!certificates.contains(id.str())) return bindings;
    const std::optional<JsonObjects> balancers = objects_at(certificates, id.str());
    if (!balancers) return lacks_usable("list of load balancers");
    for (const json::object* const balancer : *balancers)
        if (const Result<void> added = add_load_balancer(bindings, id, *balancer); !added)
            return added.error();
    return bindings;
}

}  // namespace

Result<CertificatePage> read_certificate_page(const json::object& body) {
    const json::object* const data = map_at(body, "data");
    if (data == nullptr) return lacks_usable("data");
    CertificatePage page;
    if (data->empty()) return page;
    const std::optional<JsonObjects> entries = objects_at(*data, "list");
    if (!entries) return lacks_usable("data.list");
    for (const json::object* const entry : *entries) {
        const std::string id = text_at(*entry, "id");
        if (!is_id(id)) return lacks_usable("certificate id");
        page.entries.push_back({CertificateId(id), text_at(*entry, "alias"), facts_of(*entry)});
    }
    const std::string total = text_at(*data, "totalNum");
    page.total = total.empty() ? page.entries.size() : std::strtoull(total.c_str(), nullptr, 10);
    return page;
}

Result<CertificateId> read_uploaded_id(const json::object& body) {
    const json::object* const data = map_at(body, "data");
    if (data == nullptr) return lacks_usable("data");
    const std::string id = text_at(*data, "id");
    if (!is_id(id)) return lacks_usable("certificate id");
    return CertificateId(id);
}

Result<std::map<CertificateId, BindingSet>> read_bindings(const json::object& body,
                                                          const std::vector<CertificateId>& ids) {
    const json::object* const certificates = map_at(body, "certSet");
    if (certificates == nullptr) return lacks_usable("certSet");
    std::map<CertificateId, BindingSet> bindings;
    for (const CertificateId& id : ids) {
        Result<BindingSet> found = bindings_of(id, *certificates);
        if (!found) return found.error();
        bindings[id] = std::move(*found);
    }
    return bindings;
}

TaskReport read_task(const json::object& body) {
    TaskReport report;
    if (const json::object* const data = map_at(body, "data"))
        report.state = task_state(text_at(*data, "status"));
    // The call behind the task is over, and with it what its secrets were; a key in PEM still shows.
    report.message = without_echo(text_at(body, "message"), {});
    return report;
}

}  // namespace certferry
