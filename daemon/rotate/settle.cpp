// SPDX-License-Identifier: MIT
#include "rotate/settle.hpp"

#include "rotate/advance.hpp"
#include "rotate/heal.hpp"
#include "rotate/rollback.hpp"
#include "rotate/stale_head.hpp"
#include "rotate/verify.hpp"

#include <fmt/format.h>

namespace certferry {
namespace {

// The name under which the cloud keeps the certificate, and by which it is found again. At most 50 characters
// of [A-Za-z0-9._-] (reference: tencent-cloud-api §5), the fingerprint always whole enough to tell. What is
// sent inline is named for its rotation, since every target's replacement makes an entry of its own.
std::string alias_of(const Target& target, const Rotation& rotation) {
    constexpr std::size_t mapping_max = 20;
    const std::string alias = fmt::format("certferry-{}-{}", rotation.mapping.str().substr(0, mapping_max),
                                          short_form(rotation.bundle.fingerprint));
    return target.deliver == config::Deliver::id ? alias : fmt::format("{}-{}", alias, rotation.number);
}

bool within_validity(const CertificateFacts& certificate, WallTime now) {
    return certificate.not_before <= now && now < certificate.not_after;
}

// What waiting does not change is told at the end, and does not keep the newer bundle out.
bool no_use_waiting(const Error& error) {
    return error.error_class() == ErrorClass::permanent || error.code() == Errc::binding_lost ||
           error.code() == Errc::binding_altered;
}

Awaitable<Result<Movement>> heal_broken(RotationPorts& ports, const Target& target, Rotation& rotation,
                                        Movement moves) {
    Result<Movement> healed = co_await heal(ports, target, rotation, moves);
    if (!healed && no_use_waiting(healed.error())) co_return moves;
    co_return healed;
}

// Listeners that were left behind get the certificate that the others have; the newer one then replaces all.
Awaitable<Result<Movement>> heal_split(RotationPorts& ports, const Target& target, Rotation& rotation,
                                       Movement moves) {
    if (moves.left.empty()) co_return moves;
    add_missing(rotation.bindings, moves.left);
    if (auto intent = advance(ports, rotation, Stage::replacing, from_to(rotation)); !intent)
        co_return intent.error();
    Result<RequestId> replaced =
        co_await ports.cloud.replace(rotation.old_id, *rotation.new_id, rotation.bindings);
    if (!replaced && no_use_waiting(replaced.error())) co_return moves;
    if (!replaced) co_return replaced.error();
    Result<Movement> again = co_await read_back(ports, target, rotation);
    if (!again) co_return again;
    if (!again->left.empty()) co_return left_behind(rotation, *again);
    co_return co_await heal_broken(ports, target, rotation, std::move(*again));
}

void tell_loose_ends(Log& log, const Rotation& rotation, const std::vector<Binding>& lost,
                     const std::vector<Binding>& left) {
    if (lost.empty() && left.empty()) return;
    log_rotation(
        log, LogLevel::error, "settled_in_part", rotation,
        fmt::format("still on the old id: {}; on neither: {}; bind the new certificate there by hand",
                    to_text(left), to_text(lost)));
}

// A way back is finished first. Where it leads no further, what is bound now decides as if it had never
// begun.
Awaitable<Result<void>> end_way_back(RotationPorts& ports, const Target& target, Rotation& rotation) {
    Result<void> back = co_await roll_back(ports, target, rotation);
    if (back.error().code() == Errc::rolled_back)
        co_return advance(ports, rotation, Stage::superseded, "rolled back, and forward again now");
    if (!no_use_waiting(back.error())) co_return back;
    co_return advance(ports, rotation, Stage::replacing, "the way back is given up, a newer bundle came");
}

}  // namespace

Awaitable<Result<void>> settle(RotationPorts& ports, const Target& target, Rotation& rotation) {
    if (rotation.stage < Stage::replacing)
        co_return advance(ports, rotation, Stage::superseded, "a newer bundle came before anything was sent");
    if (rotation.stage == Stage::rolling_back || rotation.stage == Stage::rolled_back) {
        Result<void> ended = co_await end_way_back(ports, target, rotation);
        if (!ended || rotation.stage == Stage::superseded) co_return ended;
    }

    Result<Movement> moves = co_await what_came_of_it(ports, target, rotation);
    if (!moves) co_return moves.error();
    if (moves->none())
        co_return advance(ports, rotation, Stage::superseded,
                          "read back: nothing had moved, and a newer bundle came");

    // A listener with neither certificate is an outage. Even a certificate that has expired meanwhile keeps
    // its place, for the newer bundle to come to.
    moves = co_await heal_broken(ports, target, rotation, std::move(*moves));
    if (!moves) co_return moves.error();
    if (!rotation.new_id) tell_loose_ends(ports.log, rotation, moves->lost, {});
    if (moves->none() || !rotation.new_id)
        co_return advance(ports, rotation, Stage::superseded,
                          "nothing of it is left, and a newer bundle came");
    if (within_validity(rotation.bundle, ports.clock.now())) {
        moves = co_await heal_split(ports, target, rotation, std::move(*moves));
        if (!moves) co_return moves.error();
    }
    if (moves->none())
        co_return advance(ports, rotation, Stage::superseded, "all of it is taken, and a newer bundle came");
    if (moves->moved.empty() && moves->altered.empty()) co_return lost_bindings(rotation, *moves);
    tell_loose_ends(ports.log, rotation, moves->lost, moves->left);
    // What stayed behind is this target's as well: the next rotation brings it along.
    add_missing(rotation.bindings, moves->left);
    co_return advance(ports, rotation, Stage::done,
                      fmt::format("settled by its bindings, a newer bundle follows: {}", from_to(rotation)));
}

Upload described_upload(const Target& target, const Rotation& rotation) {
    Upload upload;
    upload.alias = alias_of(target, rotation);
    upload.kind = target.kind;
    upload.certificate = rotation.bundle;
    return upload;
}

Awaitable<Result<void>> find_new_id(RotationPorts& ports, const Target& target, Rotation& rotation) {
    if (rotation.new_id) co_return Result<void>();
    const Upload certificate = described_upload(target, rotation);
    Result<std::optional<CertificateId>> found = co_await ports.cloud.find(certificate);
    if (!found) co_return found.error();
    rotation.new_id = *found;
    co_return Result<void>();
}

Awaitable<Result<Movement>> what_came_of_it(RotationPorts& ports, const Target& target, Rotation& rotation) {
    Result<void> looked = co_await find_new_id(ports, target, rotation);
    if (!looked) co_return looked.error();
    Result<Movement> moves = co_await read_back(ports, target, rotation);
    if (!moves || rotation.new_id || moves->lost.empty()) co_return moves;

    const BindingSet places(moves->lost.begin(), moves->lost.end());
    Result<std::optional<CertificateId>> there = co_await wanted_id_at(ports, target, rotation, places);
    if (!there) co_return there.error();
    if (!*there) co_return moves;
    rotation.new_id = **there;
    rotation.uploaded = false;  // nothing tells it from what somebody else has uploaded
    co_return co_await current_movement(ports, rotation);
}

Error not_listed(const Target& target, const Rotation& rotation) {
    return {Errc::not_proven,
            fmt::format("no certificate named {} is listed yet, so the id that took the place "
                        "of {} is not known",
                        described_upload(target, rotation).alias, rotation.old_id.str())};
}

}  // namespace certferry
