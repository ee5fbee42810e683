// SPDX-License-Identifier: MIT
#include "service/commands/answers.hpp"
#include "service/commands/each.hpp"
#include "service/commands/meant.hpp"

#include <fmt/format.h>

namespace certferry::commands {
namespace {

namespace json = boost::json;

Awaitable<Answer> hasten(CommandPorts& ports, Request request, std::vector<MappingName> mappings,
                         bool insisted) {
    ports.supervisor.hasten(mappings, request.anew, insisted);
    if (!request.wait)
        co_return told({{"says", "asked for; `certferry status` shows how it goes on"},
                        {"mappings", names_json(mappings)}});
    const std::vector<Verdict> verdicts =
        co_await ports.supervisor.outcome(std::move(mappings), request.timeout);
    co_return answer_of(verdicts);
}

}  // namespace

Awaitable<Result<Answer>> notify(CommandPorts& ports, Request request) {
    const auto mappings = request.lineage
                              ? Result<std::vector<MappingName>>(followers(ports, *request.lineage))
                              : meant(ports, request);
    if (!mappings) co_return mappings.error();
    if (mappings->empty())
        co_return told(
            {{"says", fmt::format("no mapping follows {}: nothing to do", request.lineage->string())},
             {"targets", json::array()}});
    co_return co_await hasten(ports, std::move(request), *mappings, false);
}

Awaitable<Result<Answer>> rotate(CommandPorts& ports, Request request) {
    const auto mappings = meant(ports, request);
    if (!mappings) co_return mappings.error();
    co_return co_await hasten(ports, std::move(request), *mappings, true);
}

}  // namespace certferry::commands
