// SPDX-License-Identifier: MIT
#include "rotate/rollback.hpp"

#include "rotate/advance.hpp"
#include "rotate/heal.hpp"
#include "rotate/verify.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace certferry {
namespace {

// How far back the decision is looked for: what was tried since then has been tried for days.
constexpr std::size_t lines_looked_at = 1000;

std::string way_back(const Rotation& rotation) {
    return fmt::format("{} -> {}", rotation.new_id->str(), rotation.old_id.str());
}

// When the rotation came to a stage for the last time, and in which words.
Result<std::optional<HistoryLine>> last_at(RotationPorts& ports, const Rotation& rotation, Stage stage) {
    const auto history = ports.journal.history(rotation.target, lines_looked_at);
    if (!history) return history.error();
    std::optional<HistoryLine> last;
    for (const HistoryLine& line : *history)
        if (line.rotation == rotation.number && line.state == to_text(stage)) last = line;
    return last;
}

// With the words in which it was decided, by the daemon or by hand: the journal remembers those.
Error rolled_back(RotationPorts& ports, const Rotation& rotation) {
    const Result<std::optional<HistoryLine>> decided = last_at(ports, rotation, Stage::rolling_back);
    if (!decided) return decided.error();
    return {Errc::rolled_back,
            fmt::format("rolled back ({})", *decided ? (*decided)->detail : way_back(rotation))};
}

Error cannot_go_back(const Rotation& rotation) {
    return {Errc::api_unsupported,
            fmt::format("{} is not put back: {} has other listeners as well, and by this API they could only "
                        "be moved together",
                        rotation.old_id.str(), rotation.new_id->str())};
}

// Those of the rotation's bindings that are at one of the places.
std::vector<Binding> expected_at(const Rotation& rotation, const BindingSet& places) {
    std::vector<Binding> expected;
    std::copy_if(rotation.bindings.begin(), rotation.bindings.end(), std::back_inserter(expected),
                 [&](const Binding& binding) { return find_place(places, binding.place) != nullptr; });
    return expected;
}

// The new id may be bound where this rotation did not put it, for another target or by somebody else. A
// replacement would take it away there, so then the places of this rotation are bound one by one.
Awaitable<Result<void>> put_back(RotationPorts& ports, Rotation& rotation) {
    const std::vector<CertificateId> ids{*rotation.new_id};
    Result<std::map<CertificateId, BindingSet>> bound = co_await ports.cloud.bindings(ids);
    if (!bound) co_return bound.error();
    const BindingSet& everywhere = (*bound)[*rotation.new_id];
    const std::vector<Binding> ours = expected_at(rotation, everywhere);
    if (ours.size() < everywhere.size()) {
        Result<void> placed = co_await bind_each(ports, rotation, ours);
        if (!placed && placed.error().code() == Errc::api_unsupported) co_return cannot_go_back(rotation);
        co_return placed;
    }
    if (ours.empty()) co_return Result<void>();
    Result<RequestId> accepted =
        co_await ports.cloud.replace(*rotation.new_id, rotation.old_id, rotation.bindings);
    if (!accepted) co_return accepted.error();
    co_return Result<void>();
}

// What has become of the way back, with what was broken on it mended.
Awaitable<Result<Movement>> look_back(RotationPorts& ports, const Target& target, Rotation& rotation) {
    Result<Movement> moves = co_await read_back(ports, target, rotation);
    if (!moves) co_return moves;
    co_return co_await heal(ports, target, rotation, std::move(*moves));
}

Error conclude(RotationPorts& ports, Rotation& rotation) {
    const auto there = advance(ports, rotation, Stage::rolled_back, "the bindings are back");
    return there ? rolled_back(ports, rotation) : there.error();
}

constexpr Duration sibling_patience = std::chrono::hours(1);

// What an endpoint serves may be a listener's of another target, which has not been moved yet, or so lately
// that the first proof of it is still sought. One that cannot be moved at all must not be waited for.
bool has_yet_to_move(const Rotation& sibling, const CertificateFacts& bundle) {
    const bool at_rest = sibling.pause && sibling.pause->kind != PauseKind::waiting;
    const bool behind = sibling.bundle.fingerprint != bundle.fingerprint;
    const bool being_proven = sibling.stage == Stage::verifying && !sibling.pause;
    return !at_rest && (behind || sibling.stage < Stage::verifying || being_proven);
}

Result<bool> waits_for_sibling(RotationPorts& ports, const Target& target, const Rotation& rotation) {
    const Result<std::optional<HistoryLine>> moved = last_at(ports, rotation, Stage::accepted);
    if (!moved) return moved.error();
    if (!*moved || ports.clock.now() - (*moved)->at >= sibling_patience) return false;
    for (const TargetKey& sibling : target.siblings) {
        const Result<std::optional<Rotation>> open = ports.journal.open_rotation(sibling);
        if (!open) return open.error();
        if (*open && has_yet_to_move(**open, rotation.bundle)) return true;
    }
    return false;
}

}  // namespace

Result<bool> wants_rollback(RotationPorts& ports, const Target& target, const Rotation& rotation,
                            const Error& failure) {
    const bool asked_for =
        target.verify.on_failure == config::OnFailure::rollback && failure.code() == Errc::served_other;
    const bool moved_something = rotation.new_id != rotation.old_id && !rotation.bindings.empty();
    if (!asked_for || !moved_something) return false;
    const Result<bool> too_early = waits_for_sibling(ports, target, rotation);
    if (!too_early) return too_early.error();
    if (*too_early) return false;
    const Result<SuccessionEntry> head = ports.journal.head(rotation.target, ports.clock.now());
    if (!head) return head.error();
    return head->certificate && ports.clock.now() < head->certificate->not_after;
}

Awaitable<Result<void>> roll_back(RotationPorts& ports, const Target& target, Rotation& rotation) {
    if (rotation.stage == Stage::rolled_back) co_return rolled_back(ports, rotation);
    if (rotation.going_back()) {
        Result<Movement> moves = co_await look_back(ports, target, rotation);
        if (!moves) co_return moves.error();
        if (moves->all()) co_return conclude(ports, rotation);
    } else {
        const std::string intent = way_back(rotation) + ", since an endpoint serves something else";
        if (auto written = advance(ports, rotation, Stage::rolling_back, intent); !written) co_return written;
    }

    Result<void> put = co_await put_back(ports, rotation);
    if (!put) co_return put;
    Result<Movement> moves = co_await look_back(ports, target, rotation);
    if (!moves) co_return moves.error();
    if (!moves->lost.empty()) co_return lost_bindings(rotation, *moves);
    if (!moves->left.empty()) co_return left_behind(rotation, *moves);
    co_return conclude(ports, rotation);
}

}  // namespace certferry
