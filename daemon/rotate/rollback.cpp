// SPDX-License-Identifier: MIT
#include "rotate/rollback.hpp"

#include "rotate/advance.hpp"
#include "rotate/verify.hpp"

#include <utility>

#include <fmt/format.h>

namespace certferry {
namespace {

// The way back, as a rotation of its own would look.
Rotation mirrored(const Rotation& rotation) {
    Rotation back = rotation;
    std::swap(back.old_id, *back.new_id);
    return back;
}

Error rolled_back(const Rotation& rotation) {
    return {Errc::rolled_back, fmt::format("{} is back in the place of {}, which an endpoint did not serve",
                                           rotation.old_id.str(), rotation.new_id->str())};
}

}  // namespace

Result<bool> wants_rollback(RotationPorts& ports, const Target& target, const Rotation& rotation,
                            const Error& failure) {
    const bool asked_for =
        target.verify.on_failure == config::OnFailure::rollback && failure.code() == Errc::served_other;
    if (!asked_for || rotation.new_id == rotation.old_id) return false;
    const Result<Succession> succession = ports.journal.succession(rotation.target, ports.clock.now());
    if (!succession) return succession.error();
    const auto& before = succession->head().certificate;
    return before && ports.clock.now() < before->not_after;
}

Awaitable<Result<void>> roll_back(RotationPorts& ports, const Target& target, Rotation& rotation) {
    if (rotation.stage == Stage::rolled_back) co_return rolled_back(rotation);
    const bool resumed = rotation.stage == Stage::rolling_back;
    const Rotation back = mirrored(rotation);
    if (resumed) {
        Result<Movement> moves = co_await read_back(ports, target, back);
        if (!moves) co_return moves.error();
        if (moves->all()) {
            if (auto there = advance(ports, rotation, Stage::rolled_back, "read back"); !there)
                co_return there;
            co_return rolled_back(rotation);
        }
    }

    const std::string intent = fmt::format("{} -> {}", back.old_id.str(), back.new_id->str());
    if (auto written = advance(ports, rotation, Stage::rolling_back, intent); !written) co_return written;
    Result<RequestId> accepted = co_await ports.cloud.replace(back.old_id, *back.new_id, rotation.bindings);
    if (!accepted) co_return accepted.error();
    Result<Movement> moves = co_await read_back(ports, target, back);
    if (!moves) co_return moves.error();
    if (!moves->all()) co_return left_behind(back, *moves);
    if (auto there = advance(ports, rotation, Stage::rolled_back, "the bindings are back"); !there)
        co_return there;
    co_return rolled_back(rotation);
}

}  // namespace certferry
