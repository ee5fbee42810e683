// SPDX-License-Identifier: MIT
#include "cloud/api2_reading.hpp"

#include "cloud/api2_envelope.hpp"
#include "cloud/api_time.hpp"
#include "cloud/echo.hpp"

#include <algorithm>
#include <cctype>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

namespace certferry {
namespace {

namespace json = boost::json;

using namespace std::chrono_literals;

constexpr std::size_t id_max = 64;
constexpr std::size_t name_max = 255;

Error malformed(std::string_view what) {
    return {Errc::answer_malformed, fmt::format("the answer has no usable {}", what)};
}

bool is_id(std::string_view text) {
    const auto fits = [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; };
    return !text.empty() && text.size() <= id_max && std::all_of(text.begin(), text.end(), fits);
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

std::string first_text(const json::object& object, std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names)
        if (std::string text = text_at(object, name); !text.empty()) return text;
    return {};
}

using Objects = std::vector<const json::object*>;

/// The objects of a list. PHP writes a list with gaps as a map; anything else has none to give.
std::optional<Objects> objects_of(const json::value& list) {
    Objects objects;
    const auto add = [&](const json::value& item) {
        if (const json::object* const object = item.if_object()) objects.push_back(object);
        return item.is_object();
    };
    if (const json::array* const array = list.if_array()) {
        if (!std::all_of(array->begin(), array->end(), add)) return std::nullopt;
        return objects;
    }
    const json::object* const map = list.if_object();
    if (map == nullptr) return std::nullopt;
    for (const auto& item : *map)
        if (!add(item.value())) return std::nullopt;
    return objects;
}

std::optional<Objects> objects_at(const json::object& object, std::string_view name) {
    const json::value* const list = object.if_contains(name);
    return list == nullptr ? std::nullopt : objects_of(*list);
}

std::vector<std::string> names_of(const json::object& entry) {
    std::vector<std::string> names;
    const auto add = [&](std::string_view name) { names.push_back(lower(bounded_text(name, name_max))); };
    if (const std::string domain = text_at(entry, "domain"); !domain.empty()) add(domain);
    if (const json::value* const list = entry.if_contains("subjectAltName"); list && list->is_array())
        for (const json::value& name : list->get_array())
            if (name.is_string()) add(name.get_string());
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
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
    if (!is_id(binding.place.load_balancer)) return malformed("loadBalancerId");
    binding.region = bounded_text(first_text(balancer, {"region", "Region"}), id_max);
    const std::optional<Objects> listeners = objects_at(balancer, "listener");
    if (!listeners) return malformed("listener");
    for (const json::object* const listener : *listeners) {
        if (names_another(id, *listener)) continue;
        binding.place.listener = first_text(*listener, {"unListenerId", "listenerId"});
        if (!is_id(binding.place.listener)) return malformed("unListenerId");
        binding.ssl_mode = lower(bounded_text(text_at(*listener, "SSLMode"), id_max));
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
    const std::optional<Objects> balancers = objects_at(certificates, id.str());
    if (!balancers) return malformed("list of load balancers");
    for (const json::object* const balancer : *balancers)
        if (const Result<void> added = add_load_balancer(bindings, id, *balancer); !added)
            return added.error();
    return bindings;
}

TaskState task_state(std::string_view status) {
    if (status == "0") return TaskState::finished;
    if (status == "1") return TaskState::failed;
    if (status == "2") return TaskState::running;
    return TaskState::unknown;
}

bool same_moment(std::chrono::sys_seconds one, std::chrono::sys_seconds other) {
    const auto apart = one > other ? one - other : other - one;
    return apart < 1min;
}

}  // namespace

Result<Api2CertificatePage> read_certificate_page(const json::object& body) {
    const json::object* const data = map_at(body, "data");
    if (data == nullptr) return malformed("data");
    Api2CertificatePage page;
    if (data->empty()) return page;
    const std::optional<Objects> entries = objects_at(*data, "list");
    if (!entries) return malformed("data.list");
    for (const json::object* const entry : *entries) {
        const std::string id = text_at(*entry, "id");
        if (!is_id(id)) return malformed("certificate id");
        page.entries.push_back({CertificateId(id), text_at(*entry, "alias"), facts_of(*entry)});
    }
    const std::string total = text_at(*data, "totalNum");
    page.total = total.empty() ? page.entries.size() : std::strtoull(total.c_str(), nullptr, 10);
    return page;
}

Result<CertificateId> read_uploaded_id(const json::object& body) {
    const json::object* const data = map_at(body, "data");
    if (data == nullptr) return malformed("data");
    const std::string id = text_at(*data, "id");
    if (!is_id(id)) return malformed("certificate id");
    return CertificateId(id);
}

Result<std::map<CertificateId, BindingSet>> read_bindings(const json::object& body,
                                                          const std::vector<CertificateId>& ids) {
    const json::object* const certificates = map_at(body, "certSet");
    if (certificates == nullptr) return malformed("certSet");
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

bool is_same_certificate(const CertificateFacts& entry, const CertificateFacts& facts) {
    if (!entry.fingerprint.empty()) return entry.fingerprint == facts.fingerprint;
    const bool same_end =
        same_moment(entry.not_after, facts.not_after) || same_moment(entry.not_after + 8h, facts.not_after);
    return same_end &&
           std::includes(entry.names.begin(), entry.names.end(), facts.names.begin(), facts.names.end());
}

}  // namespace certferry
