// SPDX-License-Identifier: MIT
// What goes over the control socket: a request as the daemon reads it, an answer as the command reads and
// shows it.
#include "control/client/tables.hpp"
#include "control/protocol.hpp"
#include "fuzz/property.hpp"

#include <algorithm>

namespace certferry::tests {
namespace {

using namespace control;

bool is_same(const Request& one, const Request& other) {
    return one.command == other.command && one.mapping == other.mapping && one.lineage == other.lineage &&
           one.certificate == other.certificate && one.level == other.level && one.anew == other.anew &&
           one.wait == other.wait && one.timeout == other.timeout;
}

bool is_same(const Answer& one, const Answer& other) {
    return one.exit_code == other.exit_code && one.error == other.error && one.result == other.result;
}

// Boost.JSON reads a number with a fraction or an exponent to within its last digits.
bool has_fraction(const boost::json::value& value) {
    if (const auto* const object = value.if_object())
        return std::ranges::any_of(*object, [](const auto& pair) { return has_fraction(pair.value()); });
    if (const auto* const array = value.if_array()) return std::ranges::any_of(*array, has_fraction);
    return value.is_double();
}

void check_answer(const Answer& answer) {
    const std::string rendered = render(answer);
    demand(rendered.find('\n') == std::string::npos, "an answer is one line");
    const auto again = parse_answer(rendered);
    demand(again && (has_fraction(answer.result) || is_same(*again, answer)),
           "an answer comes back as it was given");
    for (const CommandTraits& command : commands())
        for (const auto paint : {client::Paint::none, client::Paint::colours}) {
            const std::string shown = client::text_of(command.command, answer.result, paint);
            demand(shown.empty() || shown.ends_with('\n'), "what is shown are whole lines");
        }
}

void check_request(const Request& request) {
    const std::string rendered = render(request);
    demand(rendered.find('\n') == std::string::npos, "a request is one line");
    const auto again = parse_request(rendered);
    demand(again && is_same(*again, request), "what the client asks is what the daemon reads");
    demand(request.timeout > Duration::zero() && request.timeout <= timeout_max, "nobody waits for ever");
    demand(!traits(request.command).wants_mapping || request.mapping, "a command has the mapping it needs");
}

}  // namespace
}  // namespace certferry::tests

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace certferry;
    const std::string_view line = tests::text_of(data, size);
    if (const auto request = control::parse_request(line))
        tests::check_request(*request);
    else
        tests::check_answer(control::failed(request.error()));
    if (const auto answer = control::parse_answer(line)) tests::check_answer(*answer);
    return 0;
}
