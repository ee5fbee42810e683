// SPDX-License-Identifier: MIT
#include "service/commands/commands.hpp"

#include "service/commands/each.hpp"

namespace certferry {

using control::Answer;
using control::Command;
using control::Request;

Awaitable<Answer> Commands::carry_out(Request request) {
    Result<Answer> answer = Answer();
    switch (request.command) {
        case Command::status:
            answer = co_await commands::status(ports_, std::move(request));
            break;
        case Command::history:
            answer = co_await commands::history(ports_, std::move(request));
            break;
        case Command::plan:
            answer = co_await commands::plan(ports_, std::move(request));
            break;
        case Command::probe:
            answer = co_await commands::probe(ports_, std::move(request));
            break;
        case Command::doctor:
            answer = co_await commands::doctor(ports_, std::move(request));
            break;
        case Command::notify:
            answer = co_await commands::notify(ports_, std::move(request));
            break;
        case Command::rotate:
            answer = co_await commands::rotate(ports_, std::move(request));
            break;
        case Command::pause:
            answer = commands::hold(ports_, request);
            break;
        case Command::resume:
            answer = commands::release(ports_, request);
            break;
        case Command::rollback:
            answer = co_await commands::roll_back(ports_, std::move(request));
            break;
        case Command::adopt:
            answer = co_await commands::adopt(ports_, std::move(request));
            break;
        case Command::log_level:
            answer = commands::set_log_level(ports_, request);
            break;
        case Command::reload:
            answer = commands::reload(ports_);
            break;
    }
    if (!answer) co_return control::failed(answer.error());
    co_return std::move(*answer);
}

}  // namespace certferry
