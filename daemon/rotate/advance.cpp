// SPDX-License-Identifier: MIT
#include "rotate/advance.hpp"

#include <fmt/format.h>

namespace certferry {
namespace {

std::string new_id_text(const Rotation& rotation) {
    return rotation.new_id ? rotation.new_id->str() : "?";
}

LogLevel level_of(const Pause& pause) {
    const bool outage = pause.reason == traits(Errc::binding_lost).label;
    return pause.kind == PauseKind::waiting && !outage ? LogLevel::warning : LogLevel::error;
}

void write_line(Log& log, LogLevel level, std::string_view state, const Rotation& rotation,
                const RequestId& request, const std::string& detail, unsigned left_out) {
    log.write(level, fmt::format("rotation.{}", state),
              {{"mapping", rotation.mapping.str()},
               {"account", rotation.target.account.str()},
               {"target", rotation.target.configured_id.str()},
               {"rotation", std::to_string(rotation.number)},
               {"bundle", short_form(rotation.bundle.fingerprint)},
               {"old_id", rotation.old_id.str()},
               {"new_id", new_id_text(rotation)},
               {"request_id", request.str()},
               {"reason", rotation.pause ? rotation.pause->reason : ""},
               {"detail", detail},
               {"left_out", left_out > 0 ? std::to_string(left_out) : ""}});
}

const RequestId& request_of(const Error& cause, const Rotation& rotation) {
    const bool named = cause.api() && !cause.api()->request_id.str().empty();
    return named ? cause.api()->request_id : rotation.request;
}

}  // namespace

void log_rotation(Log& log, LogLevel level, std::string_view state, const Rotation& rotation,
                  const std::string& detail) {
    write_line(log, level, state, rotation, rotation.request, detail, 0);
}

Result<void> advance(RotationPorts& ports, Rotation& rotation, Stage stage, const std::string& detail) {
    Rotation next = rotation;
    next.stage = stage;
    next.pause.reset();
    next.changed = ports.clock.now();
    const auto written =
        stage == Stage::done ? ports.journal.conclude(next, detail) : ports.journal.record(next, detail);
    if (!written) return written.error();
    rotation = std::move(next);
    log_rotation(ports.log, LogLevel::info, to_text(stage), rotation, detail);
    return {};
}

Result<void> pause(RotationPorts& ports, Rotation& rotation, const Pause& why, const Error& cause,
                   Repeats& repeats) {
    Rotation next = rotation;
    next.pause = why;
    next.changed = ports.clock.now();
    const std::string detail =
        why.kind == PauseKind::waiting
            ? fmt::format("{}; attempt {} at {}", why.detail, rotation.failures + 1, to_utc(why.next_attempt))
            : why.detail;
    if (const auto written = ports.journal.record(next, detail); !written) return written.error();
    rotation = std::move(next);
    const std::string same = fmt::format("{} {} {}", rotation.number, to_text(why.kind), why.reason);
    if (const auto left_out = repeats.say(same, ports.clock.steady_now()))
        write_line(ports.log, level_of(why), to_text(why.kind), rotation, request_of(cause, rotation), detail,
                   *left_out);
    return {};
}

std::string from_to(const Rotation& rotation) {
    const std::optional<CertificateId> to = rotation.to();
    if (to == rotation.from()) return to->str();
    return fmt::format("{} -> {}", rotation.from().str(), to ? to->str() : "?");
}

}  // namespace certferry
