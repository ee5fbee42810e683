// SPDX-License-Identifier: MIT
#include "service/commands/answers.hpp"
#include "service/commands/each.hpp"
#include "service/commands/meant.hpp"

#include <fmt/format.h>

namespace certferry::commands {

Result<Answer> hold(CommandPorts& ports, const Request& request) {
    if (const auto known = meant(ports, request); !known) return known.error();
    if (const auto held = ports.supervisor.hold(*request.mapping); !held) return held.error();
    return told({{"says", fmt::format("{} is on hold: what is under way ends, nothing new begins by itself",
                                      request.mapping->str())}});
}

Result<Answer> release(CommandPorts& ports, const Request& request) {
    if (const auto known = meant(ports, request); !known) return known.error();
    if (const auto released = ports.supervisor.release(*request.mapping); !released) return released.error();
    return told({{"says", fmt::format("{} goes on", request.mapping->str())}});
}

}  // namespace certferry::commands
