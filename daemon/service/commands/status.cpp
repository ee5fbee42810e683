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
    Slices slices(ports.clock);
    SnapshotText text = co_await to_json_text(*snapshot, slices);
    Answer answer;
    answer.long_result.push_back(std::move(text.text));
    co_return answer;
}

Awaitable<Result<Answer>> history(CommandPorts& ports, Request request) {
    if (const auto known = meant(ports, request); !known) co_return known.error();
    Slices slices(ports.clock);
    auto pieces = co_await history_text(ports.journal, ports.supervisor.config(), request.mapping,
                                        ports.clock.now(), slices);
    if (!pieces) co_return pieces.error();
    Answer answer;
    answer.long_result = std::move(*pieces);
    co_return answer;
}

}  // namespace certferry::commands
