// SPDX-License-Identifier: MIT
#include "report/history_json.hpp"
#include "report/snapshot_json.hpp"
#include "service/commands/answers.hpp"
#include "service/commands/each.hpp"
#include "service/commands/meant.hpp"

namespace certferry::commands {

Awaitable<Result<Answer>> status(CommandPorts& ports, Request request) {
    if (const auto known = meant(ports, request); !known) co_return known.error();
    auto snapshot = co_await ports.supervisor.snapshot(request.mapping);
    if (!snapshot) co_return snapshot.error();
    snapshot->daemon = ports.daemon();
    co_return told(to_json(*snapshot));
}

Result<Answer> history(CommandPorts& ports, const Request& request) {
    if (const auto known = meant(ports, request); !known) return known.error();
    auto history = history_json(ports.journal, ports.supervisor.config(), request.mapping, ports.clock.now());
    if (!history) return history.error();
    return told(std::move(*history));
}

}  // namespace certferry::commands
