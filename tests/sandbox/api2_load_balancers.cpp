// SPDX-License-Identifier: MIT
#include "api2_actions.hpp"
#include "task_status.hpp"

#include <boost/json/array.hpp>

namespace certferry::sandbox {
namespace {

namespace json = boost::json;

/// The id that takes the old one's place: the one that is named, or a new entry for the content that came.
std::variant<CertificateId, Refusal> replacement_id(const Api2Context& context, CertificateType type) {
    const CertificateId named(text_of(context.parameters, "newCertId"));
    if (!named.empty()) {
        const StoredCertificate* const stored = context.store.find(named);
        if (stored == nullptr) return Refusal{5000, "newCertId: no such certificate"};
        if (stored->type != type) return Refusal{4000, "newCertId: the certificate is of another type"};
        return named;
    }
    const std::string alias = text_of(context.parameters, "newCertName");
    const std::string chain = text_of(context.parameters, "newCertContent");
    if (chain.empty()) return missing("newCertContent");
    if (alias.empty()) return missing("newCertName");
    auto received =
        received_certificate(context, type, alias, chain, secret_of(context.parameters, "newCertKey"));
    if (const auto* const refusal = std::get_if<Refusal>(&received)) return *refusal;
    return context.store.add(std::move(std::get<StoredCertificate>(received)));
}

/// Carried out at once and without another word, or by a task that the answer names.
Api2Outcome accepted(const Api2Context& context, const Change& change) {
    if (!context.behaviour.request_ids) {
        context.store.apply(change, context.now);
        return json::object();
    }
    const std::size_t number = context.store.tasks().size() + 1;
    Task task = task_of(context.behaviour, context.now);
    task.id = std::to_string(number);
    task.change = change;
    context.store.start(std::move(task), context.now);
    return json::object{{"requestId", number}};
}

json::object described(const Listener& listener) {
    constexpr int https = 4;
    return {{"unListenerId", listener.id},
            {"listenerName", listener.id},
            {"loadBalancerPort", listener.port},
            {"protocol", https},
            {"SSLMode", listener.served.mutual() ? "mutual" : "unidirectional"},
            {"certId", listener.served.cert_id.str()},
            {"certCaId", listener.served.ca_id.str()}};
}

/// The load balancers that use a certificate, each with the listeners that do. What the rules of an SNI
/// listener have bound, API 2.0 has no words for.
json::array users_of(const Store& store, const CertificateId& id) {
    std::map<std::string, json::object> balancers;
    for (const Listener& listener : store.listeners()) {
        if (!listener.uses(id)) continue;
        json::object& balancer = balancers[listener.load_balancer];
        if (balancer.empty())
            balancer = {{"LBName", listener.load_balancer},
                        {"loadBalancerId", listener.load_balancer},
                        {"region", store.find_load_balancer(listener.load_balancer)->region},
                        {"listener", json::array()}};
        balancer["listener"].as_array().push_back(described(listener));
    }
    json::array users;
    for (auto& [name, balancer] : balancers) users.push_back(std::move(balancer));
    return users;
}

}  // namespace

Api2Outcome replace_cert(const Api2Context& context) {
    const CertificateId old_id(text_of(context.parameters, "oldCertId"));
    if (old_id.empty()) return missing("oldCertId");
    const StoredCertificate* const old = context.store.find(old_id);
    if (old == nullptr || !context.store.bound_anywhere(old_id)) {
        // Observed by users of the API: an old id that does not exist is answered with a success.
        if (context.behaviour.refuse_unbound_old) return Refusal{5000, "oldCertId: bound nowhere"};
        return accepted(context, std::monostate());
    }
    const auto replacement = replacement_id(context, old->type);
    if (const auto* const refusal = std::get_if<Refusal>(&replacement)) return *refusal;
    Replacement change;
    change.old_id = old_id;
    change.new_id = std::get<CertificateId>(replacement);
    change.extent = context.extent;
    return accepted(context, change);
}

Api2Outcome get_cert_list_with_load_balancer(const Api2Context& context) {
    const std::vector<std::string> ids = list_of(context.parameters, "certIds");
    if (ids.empty()) return missing("certIds.0");
    json::object set;
    for (const std::string& id : ids)
        if (json::array users = users_of(context.store, CertificateId(id)); !users.empty())
            set[id] = std::move(users);
    // PHP writes an empty map as a list.
    if (set.empty()) return json::object{{"certSet", json::array()}};
    return json::object{{"certSet", std::move(set)}};
}

Api2Outcome describe_load_balancers_task_result(const Api2Context& context) {
    const auto id = number_of(context.parameters, "requestId");
    if (!id) return missing("requestId");
    const std::optional<TaskState> state = context.store.poll(std::to_string(*id));
    if (!state) return Refusal{5000, "requestId: no such task"};
    return json::object{{"data", json::object{{"status", load_balancer_status(*state)}}}};
}

}  // namespace certferry::sandbox
