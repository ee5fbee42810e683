// SPDX-License-Identifier: MIT
#include "config/forms.hpp"
#include "service/commands/answers.hpp"
#include "service/commands/each.hpp"
#include "service/commands/meant.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace certferry::commands {
namespace {

namespace json = boost::json;

std::string stand_of(const config::ProbeEndpoint& endpoint, const CertificateFacts& served) {
    return fmt::format("{} serves {}, valid until {}", config::host_and_port(endpoint),
                       short_form(served.fingerprint), to_utc_day(served.not_after));
}

bool is_deployed(const MappingState& mapping, const Fingerprint& served) {
    return std::any_of(mapping.targets.begin(), mapping.targets.end(), [&](const TargetState& target) {
        const auto& certificate = target.deployed.certificate;
        return certificate && certificate->fingerprint == served;
    });
}

json::object probe_json(const config::ProbeEndpoint& endpoint, const Result<CertificateFacts>& served,
                        const MappingState& mapping) {
    json::object object{{"endpoint", config::host_and_port(endpoint)}};
    if (!served) {
        add_failure(object, served.error());
        return object;
    }
    object["fingerprint"] = served->fingerprint.str();
    object["valid_until"] = to_utc(served->not_after);
    object["says"] = stand_of(endpoint, *served);
    object["exit_code"] = 0;
    if (!is_deployed(mapping, served->fingerprint))
        add_failure(object, Error(Errc::served_other,
                                  stand_of(endpoint, *served) + ", which is not what is deployed"));
    return object;
}

}  // namespace

// What the endpoint serves is compared with the heads of the mapping's successions.
Awaitable<Result<Answer>> probe(CommandPorts& ports, Request request) {
    if (const auto known = meant(ports, request); !known) co_return known.error();
    const std::shared_ptr<Charge> charge = ports.supervisor.find(*request.mapping);
    const auto& endpoints = charge->mapping().verify.endpoint;
    if (endpoints.empty())
        co_return Error(Errc::declined, fmt::format("mapping {} names no endpoint", request.mapping->str()))
            .with_remedy("set verify = { endpoint = [\"www.example.com:443\"] } for it");
    const auto state = mapping_state(ports.journal, charge->mapping(), ports.clock.now());
    if (!state) co_return state.error();

    json::array seen;
    for (const config::ProbeEndpoint& endpoint : endpoints) {
        const Result<CertificateFacts> served = co_await ports.prober.probe(endpoint, Offer::anything);
        seen.push_back(probe_json(endpoint, served, *state));
    }
    const int code = exit_code_of(seen);
    Answer answer = told({{"endpoints", std::move(seen)}});
    answer.exit_code = code;
    co_return answer;
}

}  // namespace certferry::commands
