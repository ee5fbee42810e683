// SPDX-License-Identifier: MIT
#include "service/doctor.hpp"

#include "base/exit_codes.hpp"
#include "service/commands/answers.hpp"
#include "service/commands/each.hpp"

#include <algorithm>
#include <array>

namespace certferry::commands {
namespace {

namespace json = boost::json;

std::string_view to_text(Finding finding) {
    constexpr std::array words = {"ok", "warning", "failure"};
    return words.at(static_cast<std::size_t>(finding));
}

void append(std::vector<Examination>& all, std::vector<Examination> more) {
    all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

Answer answer_of(const std::vector<Examination>& all) {
    json::array checks;
    for (const Examination& one : all)
        checks.push_back({{"subject", one.subject}, {"finding", to_text(one.finding)}, {"says", one.says}});
    const bool ill = std::any_of(all.begin(), all.end(),
                                 [](const Examination& one) { return one.finding == Finding::ill; });
    Answer answer = told({{"checks", std::move(checks)}});
    answer.exit_code = ill ? exit_failure : 0;
    return answer;
}

}  // namespace

Awaitable<Result<Answer>> doctor(CommandPorts& ports, Request request) {
    std::vector<Examination> all;
    if (const auto refused = ports.daemon().refused)
        all.push_back({"configuration", Finding::ill, "the last reload was refused: " + refused->why});
    std::vector<Examination> looked = co_await examine(ports.supervisor, ports.machine());
    append(all, std::move(looked));
    if (request.notify) {
        const NotifierTrials trials = co_await ports.try_notifiers();
        append(all, examine(trials));
    } else {
        append(all, examine(ports.daemon().notifiers));
    }
    co_return answer_of(all);
}

}  // namespace certferry::commands
