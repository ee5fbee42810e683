// SPDX-License-Identifier: MIT
#include "api3_actions.hpp"
#include "task_status.hpp"

#include <algorithm>
#include <array>

#include <boost/json/array.hpp>
#include <fmt/format.h>

namespace certferry::sandbox {
namespace {

namespace json = boost::json;

json::array to_json(const std::vector<CertificateId>& ids) {
    json::array array;
    for (const CertificateId& id : ids) array.emplace_back(id.str());
    return array;
}

json::value text_or_null(const std::string& text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

json::value verify_client(ClientCertificates clients) {
    if (clients == ClientCertificates::none) return nullptr;
    return clients == ClientCertificates::required ? "ON" : "OPTIONAL";
}

json::value to_json(const Served& served) {
    return json::object{
        {"SSLMode", served.mutual() ? "MUTUAL" : "UNIDIRECTIONAL"},
        {"SSLVerifyClient", verify_client(served.clients)},
        {"CertId", text_or_null(served.cert_id.str())},
        {"CertCaId", text_or_null(served.ca_id.str())},
        {"ExtCertIds", served.ext_ids.empty() ? json::value(nullptr) : json::value(to_json(served.ext_ids))}};
}

json::object to_json(const Rule& rule, bool sni) {
    json::array domains;
    for (const std::string& domain : rule.domains) domains.emplace_back(domain);
    return {{"LocationId", "loc-" + rule.domains.front()},
            {"Domain", rule.domains.front()},
            {"Domains", std::move(domains)},
            {"Url", "/"},
            {"Certificate", sni ? to_json(rule.served) : json::value(nullptr)}};
}

json::object to_json(const Listener& listener) {
    json::array rules;
    for (const Rule& rule : listener.rules) rules.push_back(to_json(rule, listener.sni));
    return {{"ListenerId", listener.id},
            {"ListenerName", listener.id},
            {"Protocol", listener.protocol},
            {"Port", listener.port},
            {"SniSwitch", listener.sni ? 1 : 0},
            {"Certificate", listener.sni ? json::value(nullptr) : to_json(listener.served)},
            {"Rules", rules.empty() ? json::value(nullptr) : json::value(std::move(rules))}};
}

json::object to_classic_json(const Listener& listener) {
    return {{"ListenerId", listener.id},
            {"ListenerName", listener.id},
            {"Protocol", listener.protocol},
            {"ListenerPort", listener.port},
            {"Status", 1},
            {"SSLMode", listener.served.mutual() ? "MUTUAL" : "UNIDIRECTIONAL"},
            {"CertId", text_or_null(listener.served.cert_id.str())},
            {"CertCaId", text_or_null(listener.served.ca_id.str())}};
}

json::object to_json(const LoadBalancer& load_balancer) {
    return {{"LoadBalancerId", load_balancer.id},
            {"LoadBalancerName", load_balancer.id},
            {"LoadBalancerType", "OPEN"},
            {"Forward", load_balancer.classic ? 0 : 1},
            {"Status", 1},
            {"TargetRegionInfo", json::object{{"Region", load_balancer.region}, {"VpcId", "vpc-sandbox"}}}};
}

/// At an omitted filter every listener of the load balancer passes.
bool passes(const Listener& listener, const Parameters& parameters) {
    const std::vector<std::string> ids = list_of(parameters, "ListenerIds");
    const std::string protocol = text_of(parameters, "Protocol");
    const auto port = number_of(parameters, "Port");
    return listener.load_balancer == text_of(parameters, "LoadBalancerId") &&
           (ids.empty() || std::ranges::find(ids, listener.id) != ids.end()) &&
           (protocol.empty() || listener.protocol == protocol) && (!port || listener.port == *port);
}

constexpr std::array listener_parameters = {Known{"LoadBalancerId"}, Known{"ListenerIds"}, Known{"Protocol"},
                                            Known{"Port", ValueKind::number}};

Api3Outcome describe_listeners(const Api3Context& context) {
    if (auto refusal = check_load_balancer(context, false)) return *refusal;
    json::array listeners;
    for (const Listener& listener : context.store.listeners())
        if (passes(listener, context.parameters)) listeners.push_back(to_json(listener));
    const std::size_t total = listeners.size();
    return json::object{{"Listeners", std::move(listeners)}, {"TotalCount", total}};
}

constexpr std::array classic_listener_parameters = {Known{"LoadBalancerId"}, Known{"ListenerIds"}};

Api3Outcome describe_classical_lb_listeners(const Api3Context& context) {
    if (auto refusal = check_load_balancer(context, true)) return *refusal;
    json::array listeners;
    for (const Listener& listener : context.store.listeners())
        if (passes(listener, context.parameters)) listeners.push_back(to_classic_json(listener));
    const std::size_t total = listeners.size();
    return json::object{{"Listeners", std::move(listeners)}, {"TotalCount", total}};
}

constexpr std::array load_balancer_parameters = {
    Known{"LoadBalancerIds"}, Known{"Forward", ValueKind::number}, Known{"Limit", ValueKind::number},
    Known{"Offset", ValueKind::number}};

bool is_asked_for(const LoadBalancer& load_balancer, const Api3Context& context) {
    const std::vector<std::string> ids = list_of(context.parameters, "LoadBalancerIds");
    const std::int64_t forward = number_of(context.parameters, "Forward").value_or(-1);
    return load_balancer.region == context.region &&
           (ids.empty() || std::ranges::find(ids, load_balancer.id) != ids.end()) &&
           (forward == -1 || (forward == 0) == load_balancer.classic);
}

Api3Outcome describe_load_balancers(const Api3Context& context) {
    constexpr std::int64_t limit_max = 100;
    const std::int64_t offset = number_of(context.parameters, "Offset").value_or(0);
    const std::int64_t limit = number_of(context.parameters, "Limit").value_or(20);
    if (limit > limit_max) return Api3Refusal{"InvalidParameterValue", "Limit is at most 100"};
    std::int64_t total = 0;
    json::array set;
    for (const LoadBalancer& load_balancer : context.store.load_balancers()) {
        if (!is_asked_for(load_balancer, context)) continue;
        if (total >= offset && total < offset + limit) set.push_back(to_json(load_balancer));
        ++total;
    }
    return json::object{{"TotalCount", total}, {"LoadBalancerSet", std::move(set)}};
}

constexpr std::array cert_id_parameters = {Known{"CertIds"}};

Api3Outcome describe_load_balancer_list_by_cert_id(const Api3Context& context) {
    constexpr std::size_t ids_max = 20;
    const std::vector<std::string> ids = list_of(context.parameters, "CertIds");
    if (ids.empty()) return missing_parameter("CertIds");
    if (ids.size() > ids_max) return Api3Refusal{"InvalidParameterValue.Length", "at most 20 CertIds"};
    json::array set;
    for (const std::string& id : ids) {
        json::array users;
        for (const std::string& user : context.store.users_of(CertificateId(id))) {
            const LoadBalancer& load_balancer = *context.store.find_load_balancer(user);
            if (load_balancer.region == context.region) users.push_back(to_json(load_balancer));
        }
        set.push_back(json::object{{"CertId", id}, {"LoadBalancers", std::move(users)}});
    }
    return json::object{{"CertSet", std::move(set)}};
}

constexpr std::array task_parameters = {Known{"TaskId"}};

Api3Outcome describe_task_status(const Api3Context& context) {
    const std::string id = text_of(context.parameters, "TaskId");
    if (id.empty()) return missing_parameter("TaskId");
    const auto& tasks = context.store.tasks();
    const auto task = std::ranges::find(tasks, id, &Task::id);
    if (task == tasks.end() || context.world.behaviour.unknown_tasks)
        return Api3Refusal{"InvalidParameter", "TaskId: there is no such task"};
    json::array load_balancers;
    for (const std::string& load_balancer : task->load_balancers) load_balancers.emplace_back(load_balancer);
    const TaskState state = context.store.poll(id).value_or(TaskState::failed);
    return json::object{{"Status", load_balancer_status(state)},
                        {"LoadBalancerIds", std::move(load_balancers)},
                        {"Message", state == TaskState::failed ? "failed by the sandbox" : ""}};
}

constexpr std::array actions = {
    Api3ActionRow{"DescribeListeners", describe_listeners, listener_parameters},
    Api3ActionRow{"DescribeClassicalLBListeners", describe_classical_lb_listeners,
                  classic_listener_parameters},
    Api3ActionRow{"DescribeLoadBalancers", describe_load_balancers, load_balancer_parameters},
    Api3ActionRow{"DescribeLoadBalancerListByCertId", describe_load_balancer_list_by_cert_id,
                  cert_id_parameters},
    Api3ActionRow{"DescribeTaskStatus", describe_task_status, task_parameters},
};

}  // namespace

std::optional<Api3Refusal> check_load_balancer(const Api3Context& context, bool classic) {
    const std::string id = text_of(context.parameters, "LoadBalancerId");
    if (id.empty()) return missing_parameter("LoadBalancerId");
    const LoadBalancer* const load_balancer = context.store.find_load_balancer(id);
    if (load_balancer == nullptr || load_balancer->region != context.region)
        return Api3Refusal{"InvalidParameter.LBIdNotFound", fmt::format("There is no {} here.", id)};
    if (load_balancer->classic != classic)
        return Api3Refusal{"InvalidParameter", fmt::format("{} is of the other kind.", id)};
    return std::nullopt;
}

std::span<const Api3ActionRow> clb_reading_actions() {
    return actions;
}

}  // namespace certferry::sandbox
