// SPDX-License-Identifier: MIT
#include "api3_actions.hpp"
#include "api3_certificate_input.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace certferry::sandbox {
namespace {

namespace json = boost::json;

std::optional<Api3Refusal> check_idle(const Api3Context& context,
                                      const std::set<std::string>& load_balancers) {
    if (!context.world.behaviour.busy_while_running || !context.store.busy(load_balancers))
        return std::nullopt;
    return Api3Refusal{"FailedOperation.ResourceInOperating",
                       "Your task is working. Please try again later."};
}

/// Carried out behind the answer, by a task that bears the answer's RequestId.
Api3Outcome accepted(const Api3Context& context, Change change, std::set<std::string> load_balancers) {
    Task task = task_of(context, std::move(change));
    task.load_balancers = std::move(load_balancers);
    context.store.start(std::move(task), context.now);
    return json::object();
}

template <std::size_t... Sizes>
constexpr auto joined(const std::array<Known, Sizes>&... parts) {
    std::array<Known, (Sizes + ...)> all;
    auto end = all.begin();
    ((end = std::copy(parts.begin(), parts.end(), end)), ...);
    return all;
}

constexpr auto replace_parameters = joined(std::array{Known{"OldCertificateId"}}, certificate_parameters);

Api3Outcome replace_cert_for_load_balancers(const Api3Context& context) {
    if (context.region != "ap-guangzhou")
        return Api3Refusal{"UnsupportedRegion", "This action is served in ap-guangzhou only."};
    const CertificateId old_id(text_of(context.parameters, "OldCertificateId"));
    if (old_id.empty()) return missing_parameter("OldCertificateId");
    const std::set<std::string> users = context.store.users_of(old_id);
    if (auto refusal = check_idle(context, users)) return *refusal;
    const StoredCertificate* const old = context.store.find(old_id);
    if (old == nullptr || users.empty()) {
        // Not documented: taken for the success that API 2.0 answers.
        if (context.world.behaviour.refuse_unbound_old)
            return Api3Refusal{"FailedOperation", "OldCertificateId: bound nowhere"};
        return accepted(context, std::monostate(), {});
    }
    auto replacement = read_replacement(context, old->type);
    if (auto* const refusal = std::get_if<Api3Refusal>(&replacement)) return std::move(*refusal);
    return accepted(context, std::get<Replacement>(std::move(replacement)), users);
}

/// The listener that a call names.
std::variant<const Listener*, Api3Refusal> find_listener(const Api3Context& context) {
    if (auto refusal = check_load_balancer(context, false)) return *refusal;
    const std::string id = text_of(context.parameters, "ListenerId");
    if (id.empty()) return missing_parameter("ListenerId");
    const std::string load_balancer = text_of(context.parameters, "LoadBalancerId");
    const Listener* const listener = context.store.find_listener(load_balancer, id);
    if (listener == nullptr)
        return Api3Refusal{"InvalidParameter.ListenerIdNotFound", "There is no listener " + id + "."};
    return listener;
}

Api3Outcome serve_otherwise(const Api3Context& context, const Listener& listener, const std::string& domain) {
    if (auto refusal = check_idle(context, {listener.load_balancer})) return *refusal;
    auto served = read_served(context);
    if (auto* const refusal = std::get_if<Api3Refusal>(&served)) return std::move(*refusal);
    // Seen by users: a domain's certificate at a listener without SNI is a success that changes nothing.
    if (!domain.empty() && !listener.sni)
        return accepted(context, std::monostate(), {listener.load_balancer});
    Edit edit;
    edit.load_balancer = listener.load_balancer;
    edit.listener = listener.id;
    edit.domain = domain;
    edit.served = std::get<Served>(std::move(served));
    edit.extent = context.extent;
    return accepted(context, std::move(edit), {listener.load_balancer});
}

constexpr auto listener_parameters = joined(std::array{Known{"LoadBalancerId"}, Known{"ListenerId"}},
                                            certificate_parameters, multi_certificate_parameters);

Api3Outcome modify_listener(const Api3Context& context) {
    auto found = find_listener(context);
    if (auto* const refusal = std::get_if<Api3Refusal>(&found)) return std::move(*refusal);
    const Listener& listener = *std::get<const Listener*>(found);
    if (listener.sni) return Api3Refusal{"InvalidParameter", "With SNI the rules have the certificates."};
    return serve_otherwise(context, listener, "");
}

constexpr auto domain_parameters =
    joined(std::array{Known{"LoadBalancerId"}, Known{"ListenerId"}, Known{"Domain"}}, certificate_parameters,
           multi_certificate_parameters);

Api3Outcome modify_domain_attributes(const Api3Context& context) {
    auto found = find_listener(context);
    if (auto* const refusal = std::get_if<Api3Refusal>(&found)) return std::move(*refusal);
    const Listener& listener = *std::get<const Listener*>(found);
    const std::string domain = text_of(context.parameters, "Domain");
    if (domain.empty()) return missing_parameter("Domain");
    if (listener.find_rule(domain) == nullptr)
        return Api3Refusal{"InvalidParameter.LocationNotFound", "There is no rule of " + domain + "."};
    return serve_otherwise(context, listener, domain);
}

constexpr std::array actions = {
    Api3ActionRow{"ReplaceCertForLoadBalancers", replace_cert_for_load_balancers, replace_parameters},
    Api3ActionRow{"ModifyListener", modify_listener, listener_parameters},
    Api3ActionRow{"ModifyDomainAttributes", modify_domain_attributes, domain_parameters},
};

}  // namespace

std::span<const Api3ActionRow> clb_changing_actions() {
    return actions;
}

}  // namespace certferry::sandbox
