// SPDX-License-Identifier: MIT
#include "rotate/by_hand.hpp"

#include "service/commands/answers.hpp"
#include "service/commands/each.hpp"
#include "service/commands/meant.hpp"

#include <fmt/format.h>

namespace certferry::commands {
namespace {

Awaitable<Answer> do_for_each_target(CommandPorts& ports, std::shared_ptr<Charge> charge, Deed deed,
                                     std::string_view done) {
    std::vector<Verdict> verdicts;
    for (Pursuit& pursuit : charge->pursuits)
        verdicts.push_back(co_await ports.supervisor.do_by_hand(charge, pursuit, deed));
    Answer answer = answer_of(verdicts);
    if (answer.exit_code == 0) answer.result["says"] = done;
    co_return answer;
}

}  // namespace

Awaitable<Result<Answer>> roll_back(CommandPorts& ports, Request request) {
    if (const auto known = meant(ports, request); !known) co_return known.error();
    std::shared_ptr<Charge> charge = ports.supervisor.find(*request.mapping);
    Deed deed = roll_back_by_hand;
    co_return co_await do_for_each_target(ports, std::move(charge), std::move(deed),
                                          "gone back; it stays so until the next renewal");
}

Awaitable<Result<Answer>> adopt(CommandPorts& ports, Request request) {
    if (const auto known = meant(ports, request); !known) co_return known.error();
    std::shared_ptr<Charge> charge = ports.supervisor.find(*request.mapping);
    if (charge->pursuits.size() > 1)
        co_return Error(Errc::declined, fmt::format("mapping {} has several targets", request.mapping->str()))
            .with_remedy("give the target whose id it is a mapping of its own");

    Deed deed = [id = *request.certificate](RotationPorts& rotation, const Target& target) {
        return adopt_by_hand(rotation, target, id);
    };
    co_return co_await do_for_each_target(ports, std::move(charge), std::move(deed),
                                          "taken for the head of the succession");
}

}  // namespace certferry::commands
