// SPDX-License-Identifier: MIT
#include "report/phrase.hpp"
#include "rotate/preview.hpp"
#include "service/commands/answers.hpp"
#include "service/commands/each.hpp"
#include "service/commands/meant.hpp"

#include <fmt/format.h>

namespace certferry::commands {
namespace {

namespace json = boost::json;

json::array places_json(const BindingSet& bindings) {
    json::array places;
    for (const Binding& binding : bindings) {
        json::object place{{"load_balancer", binding.place.load_balancer},
                           {"listener", binding.place.listener}};
        if (!binding.place.domain.empty()) place["domain"] = binding.place.domain;
        if (!binding.region.empty()) place["region"] = binding.region;
        places.push_back(std::move(place));
    }
    return places;
}

void add_preview(json::object& target, const Preview& seen) {
    target["deployed_id"] = seen.head.str();
    target["says"] = seen.step;
    target["exit_code"] = 0;
    target["load_balancers"] = places_json(seen.bindings);
    if (seen.refusal) add_failure(target, *seen.refusal);
}

// What keeps it from being done comes first.
void add_hold(json::object& target, const MappingName& mapping, WallTime since) {
    const json::string then = target["says"].as_string();
    target["on_hold_since"] = to_utc(since);
    target["says"] = fmt::format("{}; then {}", hold_phrase(mapping, since), std::string_view(then));
}

json::object plan_json(const Charge& charge, const Pursuit& pursuit, const Result<Preview>& seen) {
    const MappingName& mapping = charge.mapping().name;
    json::object target = of_target(mapping, pursuit.target().key);
    if (seen)
        add_preview(target, *seen);
    else
        add_failure(target, seen.error());
    if (charge.on_hold) add_hold(target, mapping, *charge.on_hold);
    return target;
}

}  // namespace

Awaitable<Result<Answer>> plan(CommandPorts& ports, Request request) {
    const auto mappings = meant(ports, request);
    if (!mappings) co_return mappings.error();
    std::vector<std::shared_ptr<Charge>> charges;
    for (const MappingName& name : *mappings) charges.push_back(ports.supervisor.find(name));

    json::array targets;
    for (const auto& charge : charges) {
        for (Pursuit& pursuit : charge->pursuits) {
            // A look may find another meanwhile.
            const std::shared_ptr<const FoundBundle> on_disk = charge->seen;
            const Result<Preview> seen =
                co_await preview(pursuit.ports(), pursuit.target(), on_disk.get(), pursuit.trust());
            targets.push_back(plan_json(*charge, pursuit, seen));
        }
    }
    const int code = exit_code_of(targets);
    Answer answer = told({{"targets", std::move(targets)}});
    answer.exit_code = code;
    co_return answer;
}

}  // namespace certferry::commands
