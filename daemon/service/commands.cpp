// SPDX-License-Identifier: MIT
#include "service/commands.hpp"

#include "base/exit_codes.hpp"
#include "config/find_mapping.hpp"
#include "config/forms.hpp"
#include "report/history_json.hpp"
#include "report/snapshot_json.hpp"
#include "rotate/by_hand.hpp"
#include "rotate/preview.hpp"
#include "service/doctor.hpp"
#include "watch/places.hpp"

#include <algorithm>

#include <boost/json/array.hpp>
#include <fmt/format.h>

namespace certferry {
namespace {

namespace json = boost::json;
using control::Answer;
using control::Command;
using control::Request;

Answer told(json::object result) {
    Answer answer;
    result["version"] = 1;
    answer.result = std::move(result);
    return answer;
}

json::object of_target(const MappingName& mapping, const TargetKey& target) {
    return {{"mapping", mapping.str()},
            {"account", target.account.str()},
            {"old_cert_id", target.configured_id.str()}};
}

void add_failure(json::object& object, const Error& error) {
    object["reason"] = error.label();
    object["says"] = describe(error);
    object["exit_code"] = traits(error.code()).exit_code;
}

Answer answer_of(const std::vector<Verdict>& verdicts) {
    json::array targets;
    for (const Verdict& verdict : verdicts) {
        json::object target = of_target(verdict.mapping, verdict.target);
        target["deployed_id"] = verdict.head.str();
        target["says"] = "deployed and proven";
        target["exit_code"] = 0;
        if (verdict.failure) add_failure(target, *verdict.failure);
        targets.push_back(std::move(target));
    }
    Answer answer = told({{"targets", std::move(targets)}});
    answer.exit_code = exit_code_of(verdicts);
    return answer;
}

json::array names_json(const std::vector<MappingName>& names) {
    json::array array;
    for (const MappingName& name : names) array.emplace_back(name.str());
    return array;
}

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

json::object plan_json(const Charge& charge, const Pursuit& pursuit, const Result<Preview>& seen) {
    json::object target = of_target(charge.mapping().name, pursuit.target().key);
    if (!seen) {
        add_failure(target, seen.error());
        return target;
    }
    target["deployed_id"] = seen->head.str();
    target["says"] = seen->step;
    target["exit_code"] = 0;
    target["load_balancers"] = places_json(seen->bindings);
    if (seen->refusal) add_failure(target, *seen->refusal);
    return target;
}

void append(std::vector<Examination>& all, std::vector<Examination> more) {
    all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

std::string_view to_text(Finding finding) {
    constexpr std::array words = {"ok", "warning", "failure"};
    return words.at(static_cast<std::size_t>(finding));
}

// One code for all: that of the first that is not well, or partly failed.
void add_code(std::vector<std::optional<int>>& codes, int code) {
    codes.emplace_back(code == 0 ? std::nullopt : std::optional(code));
}

int code_of_all(const std::vector<std::optional<int>>& codes) {
    std::optional<int> common;
    bool any_well = false;
    for (const auto& code : codes) {
        if (!code)
            any_well = true;
        else
            common = !common || common == code ? code : exit_failure;
    }
    if (common && any_well) return exit_partly_failed;
    return common.value_or(0);
}

bool lies_in(const std::vector<config::CertificateFiles>& places, const std::filesystem::path& directory) {
    const auto folder = (directory / "").lexically_normal();
    const auto paths = paths_of(places);
    return std::any_of(paths.begin(), paths.end(), [&](const std::filesystem::path& file) {
        return (file.parent_path() / "").lexically_normal() == folder;
    });
}

std::string stand_of(const config::ProbeEndpoint& endpoint, const CertificateFacts& served) {
    return fmt::format("{} serves {}, valid until {}", config::host_and_port(endpoint),
                       short_form(served.fingerprint), to_utc_day(served.not_after));
}

}  // namespace

Awaitable<Answer> Commands::carry_out(Request request) {
    Result<Answer> answer = Answer();
    switch (request.command) {
        case Command::status:
            answer = co_await status(std::move(request));
            break;
        case Command::history:
            answer = history(request);
            break;
        case Command::plan:
            answer = co_await plan(std::move(request));
            break;
        case Command::probe:
            answer = co_await probe(std::move(request));
            break;
        case Command::doctor:
            answer = co_await doctor(std::move(request));
            break;
        case Command::notify:
            answer = co_await notify(std::move(request));
            break;
        case Command::rotate:
            answer = co_await rotate(std::move(request));
            break;
        case Command::pause:
            answer = hold(request);
            break;
        case Command::resume:
            answer = release(request);
            break;
        case Command::rollback:
        case Command::adopt:
            answer = co_await by_hand(std::move(request));
            break;
        case Command::log_level:
            answer = log_level(request);
            break;
        case Command::reload:
            answer = reload();
            break;
    }
    co_return answer ? *answer : control::failed(answer.error());
}

// The mapping that is named, or all.
Result<std::vector<MappingName>> Commands::meant(const Request& request) const {
    const config::Config& config = ports_.supervisor.config();
    if (request.mapping) {
        const auto found = config::find_mapping(config, *request.mapping);
        if (!found) return found.error();
        return std::vector{*request.mapping};
    }
    std::vector<MappingName> all;
    for (const config::Mapping& mapping : config.mappings) all.push_back(mapping.name);
    return all;
}

std::vector<MappingName> Commands::followers(const std::filesystem::path& lineage) const {
    std::vector<MappingName> names;
    for (const config::Mapping& mapping : ports_.supervisor.config().mappings)
        if (lies_in(places_of(ports_.files, mapping.lineage), lineage)) names.push_back(mapping.name);
    return names;
}

Awaitable<Result<Answer>> Commands::status(Request request) {
    if (const auto known = meant(request); !known) co_return known.error();
    auto snapshot = co_await ports_.supervisor.snapshot(request.mapping);
    if (!snapshot) co_return snapshot.error();
    snapshot->daemon = ports_.daemon();
    co_return told(to_json(*snapshot));
}

Result<Answer> Commands::history(const Request& request) {
    if (const auto known = meant(request); !known) return known.error();
    auto history =
        history_json(ports_.journal, ports_.supervisor.config(), request.mapping, ports_.clock.now());
    if (!history) return history.error();
    return told(std::move(*history));
}

Awaitable<Result<Answer>> Commands::plan(Request request) {
    const auto mappings = meant(request);
    if (!mappings) co_return mappings.error();
    std::vector<std::shared_ptr<Charge>> charges;
    for (const MappingName& name : *mappings) charges.push_back(ports_.supervisor.find(name));

    json::array targets;
    std::vector<std::optional<int>> codes;
    for (const auto& charge : charges) {
        for (Pursuit& pursuit : charge->pursuits) {
            const Result<Preview> seen =
                co_await preview(pursuit.ports(), pursuit.target(), charge->seen.get(), pursuit.trust());
            json::object target = plan_json(*charge, pursuit, seen);
            add_code(codes, static_cast<int>(target.at("exit_code").as_int64()));
            targets.push_back(std::move(target));
        }
    }
    Answer answer = told({{"targets", std::move(targets)}});
    answer.exit_code = code_of_all(codes);
    co_return answer;
}

// What the endpoint serves is compared with the heads of the mapping's successions.
Awaitable<Result<Answer>> Commands::probe(Request request) {
    if (const auto known = meant(request); !known) co_return known.error();
    const std::shared_ptr<Charge> charge = ports_.supervisor.find(*request.mapping);
    const auto& endpoints = charge->mapping().verify.endpoint;
    if (endpoints.empty())
        co_return Error(Errc::declined, fmt::format("mapping {} names no endpoint", request.mapping->str()))
            .with_remedy("set verify = { endpoint = [\"www.example.com:443\"] } for it");
    const auto state = mapping_state(ports_.journal, charge->mapping(), ports_.clock.now());
    if (!state) co_return state.error();

    json::array seen;
    std::vector<std::optional<int>> codes;
    for (const config::ProbeEndpoint& endpoint : endpoints) {
        const Result<CertificateFacts> served = co_await ports_.prober.probe(endpoint, Offer::anything);
        json::object object{{"endpoint", config::host_and_port(endpoint)}};
        if (!served) {
            add_failure(object, served.error());
        } else {
            const bool ours =
                std::any_of(state->targets.begin(), state->targets.end(), [&](const TargetState& target) {
                    const auto& certificate = target.deployed.certificate;
                    return certificate && certificate->fingerprint == served->fingerprint;
                });
            object["fingerprint"] = served->fingerprint.str();
            object["valid_until"] = to_utc(served->not_after);
            object["says"] = stand_of(endpoint, *served);
            object["exit_code"] = 0;
            if (!ours)
                add_failure(object, Error(Errc::served_other,
                                          stand_of(endpoint, *served) + ", which is not what is deployed"));
        }
        add_code(codes, static_cast<int>(object.at("exit_code").as_int64()));
        seen.push_back(std::move(object));
    }
    Answer answer = told({{"endpoints", std::move(seen)}});
    answer.exit_code = code_of_all(codes);
    co_return answer;
}

Awaitable<Result<Answer>> Commands::doctor(Request request) {
    std::vector<Examination> all = co_await examine(ports_.supervisor, ports_.machine());
    if (request.notify) {
        const NotifierTrials trials = co_await ports_.try_notifiers();
        append(all, examine(trials));
    } else {
        append(all, examine(ports_.daemon().notifiers));
    }
    json::array checks;
    bool ill = false;
    const DaemonState daemon = ports_.daemon();
    if (daemon.refused)
        checks.push_back({{"subject", "configuration"},
                          {"finding", to_text(Finding::ill)},
                          {"says", "the last reload was refused: " + daemon.refused->why}});
    for (const Examination& one : all) {
        checks.push_back({{"subject", one.subject}, {"finding", to_text(one.finding)}, {"says", one.says}});
        ill = ill || one.finding == Finding::ill;
    }
    Answer answer = told({{"checks", std::move(checks)}});
    answer.exit_code = ill || daemon.refused ? exit_failure : 0;
    co_return answer;
}

Awaitable<Result<Answer>> Commands::notify(Request request) {
    const auto mappings =
        request.lineage ? Result<std::vector<MappingName>>(followers(*request.lineage)) : meant(request);
    if (!mappings) co_return mappings.error();
    if (mappings->empty())
        co_return told(
            {{"says", fmt::format("no mapping follows {}: nothing to do", request.lineage->string())},
             {"targets", json::array()}});
    co_return co_await hasten(std::move(request), *mappings, false);
}

Awaitable<Result<Answer>> Commands::rotate(Request request) {
    const auto mappings = meant(request);
    if (!mappings) co_return mappings.error();
    co_return co_await hasten(std::move(request), *mappings, true);
}

Awaitable<Answer> Commands::hasten(Request request, std::vector<MappingName> mappings, bool insisted) {
    ports_.supervisor.hasten(mappings, request.anew, insisted);
    if (!request.wait)
        co_return told({{"says", "asked for; certferry status shows how it goes on"},
                        {"mappings", names_json(mappings)}});
    const std::vector<Verdict> verdicts =
        co_await ports_.supervisor.outcome(std::move(mappings), request.timeout);
    co_return answer_of(verdicts);
}

Result<Answer> Commands::hold(const Request& request) {
    if (const auto known = meant(request); !known) return known.error();
    if (const auto held = ports_.supervisor.hold(*request.mapping); !held) return held.error();
    return told({{"says", fmt::format("{} is on hold: what is under way ends, nothing new begins by itself",
                                      request.mapping->str())}});
}

Result<Answer> Commands::release(const Request& request) {
    if (const auto known = meant(request); !known) return known.error();
    if (const auto released = ports_.supervisor.release(*request.mapping); !released) return released.error();
    return told({{"says", fmt::format("{} goes on", request.mapping->str())}});
}

// Of a mapping with several targets, all of them go back; an id is adopted by the one target there is.
Awaitable<Result<Answer>> Commands::by_hand(Request request) {
    if (const auto known = meant(request); !known) co_return known.error();
    const std::shared_ptr<Charge> charge = ports_.supervisor.find(*request.mapping);
    const bool adopts = request.command == Command::adopt;
    if (adopts && charge->pursuits.size() > 1)
        co_return Error(Errc::declined, fmt::format("mapping {} has several targets", request.mapping->str()))
            .with_remedy("give the target whose id it is a mapping of its own");

    std::vector<Verdict> verdicts;
    for (Pursuit& pursuit : charge->pursuits) {
        Deed deed = roll_back_by_hand;
        if (adopts)
            deed = [id = *request.certificate](RotationPorts& ports, const Target& target) {
                return adopt_by_hand(ports, target, id);
            };
        verdicts.push_back(co_await ports_.supervisor.do_by_hand(charge, pursuit, std::move(deed)));
    }
    Answer answer = answer_of(verdicts);
    if (answer.exit_code == 0)
        answer.result["says"] =
            adopts ? "taken for the head of the succession" : "gone back; it stays so until the next renewal";
    co_return answer;
}

Result<Answer> Commands::log_level(const Request& request) {
    const auto level = parse_log_level(request.level);
    if (!level) return Error(Errc::request_invalid, "the level is debug, info, warning or error");
    ports_.set_log_level(*level);
    return told(
        {{"says", fmt::format("the log has {} and above, until the next reload or start", request.level)}});
}

Answer Commands::reload() {
    const ReloadOutcome outcome = ports_.reload();
    if (outcome.refused) return control::failed(*outcome.refused);
    json::array later;
    for (const std::string& key : outcome.later) later.emplace_back(key);
    return told({{"added", names_json(outcome.changes.added)},
                 {"changed", names_json(outcome.changes.changed)},
                 {"removed", names_json(outcome.changes.removed)},
                 {"kept", outcome.changes.kept},
                 {"later", std::move(later)}});
}

}  // namespace certferry
