// SPDX-License-Identifier: MIT
#include "service/commands/answers.hpp"
#include "service/commands/each.hpp"

#include <fmt/format.h>

namespace certferry::commands {

namespace json = boost::json;

Result<Answer> reload(CommandPorts& ports) {
    const ReloadOutcome outcome = ports.reload();
    if (outcome.refused) return *outcome.refused;
    json::array later;
    for (const std::string& key : outcome.later) later.emplace_back(key);
    return told({{"added", names_json(outcome.changes.added)},
                 {"changed", names_json(outcome.changes.changed)},
                 {"removed", names_json(outcome.changes.removed)},
                 {"kept", outcome.changes.kept},
                 {"later", std::move(later)}});
}

Result<Answer> set_log_level(CommandPorts& ports, const Request& request) {
    const auto level = parse_log_level(request.level);
    if (!level) return Error(Errc::request_invalid, "the level is debug, info, warning or error");
    ports.set_log_level(*level);
    return told(
        {{"says", fmt::format("the log has {} and above, until the next reload or start", request.level)}});
}

}  // namespace certferry::commands
