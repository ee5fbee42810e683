// SPDX-License-Identifier: MIT
#include "cloud/api2_reading.hpp"

#include "cloud/api_json.hpp"
#include "cloud/api_task.hpp"
#include "cloud/echo.hpp"

#include <boost/json/object.hpp>

namespace certferry {
namespace {

namespace json = boost::json;

constexpr CertificateFields fields{
    .list = "list",
    .total = "totalNum",
    .id = "id",
    .alias = "alias",
    .domain = "domain",
    .names = {"subjectAltName"},
    .begin = "certBeginTime",
    .end = "certEndTime",
    .issuer = "productZhName",
    .pem = "cert",
};

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
    if (data->empty()) return CertificatePage();
    return read_page(*data, fields);
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
